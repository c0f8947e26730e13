// Two versions of the runtime in one process: node beside.mjs theirs ours
import { createRequire } from 'node:module';

const parts = {
  async theirs() {
    const { InferenceSession, Tensor } = createRequire(import.meta.url)('onnxruntime-node');
    const session = await InferenceSession.create('reshape.onnx', { logSeverityLevel: 3 });
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(0, 1, 2, 3, 4, 5), [6]) });
    console.log(y.dims.join('x'));
  },
  ours: () => import('./caption.mjs'),
};
for (const part of process.argv.slice(2)) await parts[part]();
process.exit();
