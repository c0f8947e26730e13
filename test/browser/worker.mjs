// A worker that captions one picture.
import { Captioner } from 'captioneer';

const options = { runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' } };
globalThis.onmessage = async ({ data }) => {
  const captioner = await Captioner.load('/models/vit-gpt2-a3ds/', options);
  const { text } = await captioner.caption(data);
  await captioner.dispose();
  globalThis.postMessage(text);
};
