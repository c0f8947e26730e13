import { Captioner } from 'captioneer';

const loading = Captioner.load('/models/default/', { runtime: { wasmUrl: '/ort-wasm-simd-threaded.wasm' } });

async function captionOf(image) {
  try {
    return (await (await loading).caption(image)).text;
  } catch (error) {
    return `No caption: ${error.message}`;
  }
}

chrome.runtime.onMessage.addListener(({ to, image }, _sender, respond) => {
  if (to !== 'offscreen') return false;
  captionOf(image).then(respond);
  return true; // The answer comes later.
});
