// Captions by this library:  node bench/full/captioneer.mjs <model folder> <picture.bin> [dtype]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openModel } from '../../dist/authors/index.js';
import { Captioner } from '../../dist/index.js';
import { sum } from '../statistics.mjs';
import { timedPlatform } from '../watched-platform.mjs';
import { answer } from './answer.mjs';

const [folder, picturePath, dtype] = process.argv.slice(2);
const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');
const { platform, runs } = timedPlatform();
const captioner = new Captioner(platform, await openModel(platform, folder, dtype ? { dtype } : {}));
const picture = { data: readFileSync(picturePath), width: 640, height: 480, channels: 3 };

await answer({ versions: { 'onnxruntime-node': version } }, async ({ numBeams, words }) => {
  runs.encoder.length = runs.decoder.length = 0;
  const { tokens, timing } = await captioner.caption(picture, { numBeams, minLength: words, maxLength: words });
  return {
    ids: tokens.map(({ id }) => id),
    preprocessMs: timing.decodeMs + timing.preprocessMs,
    encoderMs: sum(runs.encoder),
    decoderMs: sum(runs.decoder),
    steps: runs.decoder.length,
  };
});
await captioner.dispose();
