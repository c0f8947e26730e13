// The page that bench/web.mjs times @huggingface/transformers in, on WebAssembly.
import { AutoModelForVision2Seq, AutoProcessor, AutoTokenizer, env, RawImage } from '@huggingface/transformers';

let parts;

async function load(folder, { dtype, numThreads }) {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  Object.assign(env.backends.onnx.wasm, { wasmPaths: '/peer-runtime/', numThreads });
  parts = await Promise.all([
    AutoModelForVision2Seq.from_pretrained(folder, { dtype, device: 'wasm' }),
    AutoProcessor.from_pretrained(folder),
    AutoTokenizer.from_pretrained(folder),
  ]);
}

/** Milliseconds of one greedy caption of 640×480 RGB, and its tokens. */
async function caption(image, words) {
  const [model, processor, tokenizer] = parts;
  const started = performance.now();
  const data = new Uint8ClampedArray(await (await fetch(image)).arrayBuffer());
  const { pixel_values } = await processor(new RawImage(data, 640, 480, 3));
  const ids = await model.generate({ inputs: pixel_values, min_new_tokens: words, max_new_tokens: words });
  tokenizer.batch_decode(ids, { skip_special_tokens: true });
  return { ms: performance.now() - started, ids: Array.from(ids.data, Number).slice(1) };
}

Object.assign(globalThis, { bench: { load, caption } });
