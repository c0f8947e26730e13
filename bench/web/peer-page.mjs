// The page that bench/web.mjs times @huggingface/transformers in, on WebAssembly.
import {
  AutoModelForVision2Seq,
  AutoProcessor,
  AutoTokenizer,
  env,
  Florence2ForConditionalGeneration,
  RawImage,
} from '@huggingface/transformers';

/** What `short` asks Florence-2 here: the text that stands for `<CAPTION>`. */
const PROMPT = 'What does the image describe?';

/** Gives the tokens of a greedy caption. */
let generate;

function setUp(numThreads) {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  Object.assign(env.backends.onnx.wasm, { wasmPaths: '/peer-runtime/', numThreads });
}

async function load(folder, { dtype, numThreads }) {
  setUp(numThreads);
  const [model, processor, tokenizer] = await Promise.all([
    AutoModelForVision2Seq.from_pretrained(folder, { dtype, device: 'wasm' }),
    AutoProcessor.from_pretrained(folder),
    AutoTokenizer.from_pretrained(folder),
  ]);
  generate = async (image, words) => {
    const { pixel_values } = await processor(image);
    const ids = await model.generate({ inputs: pixel_values, min_new_tokens: words, max_new_tokens: words });
    tokenizer.batch_decode(ids, { skip_special_tokens: true });
    return Array.from(ids.data, Number).slice(1);
  };
}

async function loadFlorence(folder, { dtype, numThreads }) {
  setUp(numThreads);
  const [model, processor] = await Promise.all([
    Florence2ForConditionalGeneration.from_pretrained(folder, { dtype, device: 'wasm' }),
    AutoProcessor.from_pretrained(folder),
  ]);
  generate = async (image, words) => {
    const inputs = await processor(image, PROMPT);
    // The forced first token is counted.
    const ids = await model.generate({ ...inputs, min_new_tokens: words + 1, max_new_tokens: words + 1 });
    processor.batch_decode(ids, { skip_special_tokens: true });
    return Array.from(ids.data, Number).slice(2);
  };
}

/** Milliseconds of one greedy caption of 640×480 RGB, and its tokens. */
async function caption(image, words) {
  const started = performance.now();
  const data = new Uint8ClampedArray(await (await fetch(image)).arrayBuffer());
  const ids = await generate(new RawImage(data, 640, 480, 3), words);
  return { ms: performance.now() - started, ids };
}

Object.assign(globalThis, { bench: { load, loadFlorence, caption } });
