// Captions of a Florence-2 by @huggingface/transformers:  node bench/full/florence-2-peer.mjs <its folder> <model folder> <picture.bin> <dtype>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { answer } from './answer.mjs';
import { peerVersions } from './peer-versions.mjs';

const [installed, folder, picturePath, dtype] = process.argv.slice(2);
const require = createRequire(join(installed, 'package.json'));
const { AutoProcessor, env, Florence2ForConditionalGeneration, RawImage } = require('@huggingface/transformers');
/** What `short` asks here: the text that stands for `<CAPTION>`. */
const PROMPT = 'What does the image describe?';
env.localModelPath = dirname(folder);
env.allowRemoteModels = false;
const name = basename(folder);
const [model, processor] = await Promise.all([
  Florence2ForConditionalGeneration.from_pretrained(name, { dtype }),
  AutoProcessor.from_pretrained(name),
]);
const picture = new RawImage(new Uint8ClampedArray(readFileSync(picturePath)), 640, 480, 3);

await answer({ versions: peerVersions(installed) }, async ({ words }) => {
  const inputs = await processor(picture, PROMPT);
  // The forced first token is counted.
  const ids = await model.generate({ ...inputs, min_new_tokens: words + 1, max_new_tokens: words + 1 });
  processor.batch_decode(ids, { skip_special_tokens: true });
  return { ids: Array.from(ids.data, Number).slice(2) };
});
