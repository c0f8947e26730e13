import { quietly } from '../../shared/runtime/onnx-runtime.js';
import { LOG_FATAL } from '../../shared/runtime/onnx-session.js';
import type { StartedRuntime } from './onnxruntime.js';

/** The smallest graph, y = x of one float: ONNX in the wire format of Protocol Buffers. */
const IDENTITY = Uint8Array.of(
  ...[0x08, 8], // ir_version
  ...[0x3a, 55], // graph
  ...[0x0a, 16, 0x0a, 1, 0x78, 0x12, 1, 0x79, 0x22, 8, ...new TextEncoder().encode('Identity')], // node
  ...[0x12, 1, 0x67], // name
  ...[0x5a, 15, 0x0a, 1, 0x78, 0x12, 10, 0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1], // input x: float [1]
  ...[0x62, 15, 0x0a, 1, 0x79, 0x12, 10, 0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1], // output y: float [1]
  ...[0x42, 2, 0x10, 13], // opset_import
);

/**
 * Has the runtime fetch and compile its WebAssembly, which it does with its first graph: while a model's files are on their way, not
 * after them. A failure comes again, with its reason, with the next graph.
 */
export async function startBackend({ runtime, device, mutex }: StartedRuntime): Promise<void> {
  const settings = { executionProviders: [device], logSeverityLevel: LOG_FATAL } as const;
  await mutex.run(async () => {
    const graph = await quietly(runtime, () => runtime.InferenceSession.create(IDENTITY, settings));
    await graph.release();
  });
}
