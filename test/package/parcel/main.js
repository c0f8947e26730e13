import { Captioner } from 'captioneer';
import wasmUrl from 'url:onnxruntime-web/ort-wasm-simd-threaded.wasm';

const output = document.querySelector('output');
try {
  const captioner = await Captioner.load('/models/default/', { runtime: { wasmUrl } });
  const { text } = await captioner.caption(document.querySelector('img'));
  output.textContent = text;
  await captioner.dispose();
} catch (error) {
  output.textContent = String(error);
}
