// Captions by @huggingface/transformers:  node bench/full/transformers-js.mjs <its folder> <models' folder> <picture.bin> <dtype>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { answer } from './answer.mjs';
import { peerVersions } from './peer-versions.mjs';

const [installed, folder, picturePath, dtype] = process.argv.slice(2);
const require = createRequire(join(installed, 'package.json'));
const { AutoModelForVision2Seq, AutoProcessor, AutoTokenizer, env, RawImage } = require('@huggingface/transformers');
env.localModelPath = dirname(folder);
env.allowRemoteModels = false;
const name = basename(folder);
const [model, processor, tokenizer] = await Promise.all([
  AutoModelForVision2Seq.from_pretrained(name, { dtype }),
  AutoProcessor.from_pretrained(name),
  AutoTokenizer.from_pretrained(name),
]);
const picture = new RawImage(new Uint8ClampedArray(readFileSync(picturePath)), 640, 480, 3);

await answer({ versions: peerVersions(installed) }, async ({ words }) => {
  const { pixel_values } = await processor(picture);
  const ids = await model.generate({ inputs: pixel_values, min_new_tokens: words, max_new_tokens: words });
  tokenizer.batch_decode(ids, { skip_special_tokens: true });
  return { ids: Array.from(ids.data, Number).slice(1) };
});
