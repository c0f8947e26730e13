// Captions of files by the pipeline of @huggingface/transformers, one after another:
//     node bench/dataset/transformers-js.mjs <its folder> <model folder> <dtype> <words> <image>...
// Prints JSON: images a second, shares of the cores, version.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { coreWatch } from '../core-watch.mjs';

const [installed, model, dtype, words, ...images] = process.argv.slice(2);
const { env, pipeline } = createRequire(join(installed, 'package.json'))('@huggingface/transformers');
env.localModelPath = dirname(model);
env.allowRemoteModels = false;
const captioner = await pipeline('image-to-text', basename(model), { dtype });
const options = { min_new_tokens: Number(words), max_new_tokens: Number(words) };
await captioner(images[0], options); // to warm up
const watch = coreWatch();
let text = '';
for (const image of images) text = (await captioner(image, options))[0].generated_text;
const { seconds, ...shares } = watch();
const manifest = join(installed, 'node_modules', '@huggingface', 'transformers', 'package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
console.log(JSON.stringify({ rate: images.length / seconds, ...shares, version, text }));
