import { RuntimeError, type GraphSource, type Session, type SessionOptions } from '../../../core/index.js';
import { bytesAsSource } from '../../../onnx/index.js';
import { checkExternalFiles } from '../../shared/runtime/external-data.js';
import { exclusiveGraph } from '../../shared/runtime/exclusive-graph.js';
import { quietly } from '../../shared/runtime/onnx-runtime.js';
import { checkNotEmpty, LOG_FATAL, OnnxSession, reason, unreadableGraph } from '../../shared/runtime/onnx-session.js';
import { noPaths } from '../models/fingerprint.js';
import { URL_OPTIONS, WASM_FILES, type WebDevice } from './device.js';
import type { StartedRuntime } from './onnxruntime.js';

/**
 * Loads a graph into onnxruntime-web, for the device that the runtime has been loaded for.
 *
 * @param load gives the runtime
 * @param graph the bytes of an ONNX file, which may be overwritten afterwards
 * @param name the file's name, for messages
 * @throws ModelFileError if it is not a graph that the runtime reads; RuntimeError if the runtime does not start
 */
export async function createOnnxSession(
  load: () => Promise<StartedRuntime>,
  graph: GraphSource,
  name: string,
  { externalData = {} }: SessionOptions = {},
): Promise<Session> {
  if (typeof graph === 'string') throw noPaths();
  checkNotEmpty(graph, name);
  checkExternalFiles(bytesAsSource(graph), name, Object.keys(externalData));
  const { runtime, device, mutex } = await load();
  const settings = {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_FATAL,
    externalData: Object.entries(externalData).map(([path, data]) => ({ path, data })),
  } as const;
  try {
    const created = await mutex.run(() => quietly(runtime, () => runtime.InferenceSession.create(graph, settings)));
    return new OnnxSession(runtime, exclusiveGraph(created, mutex), name, device);
  } catch (cause) {
    throw reason(cause).includes('no available backend') ? notStarted(cause, device) : unreadableGraph(name, cause);
  }
}

function notStarted(cause: unknown, device: WebDevice): RuntimeError {
  const advice =
    device === 'webgpu'
      ? ' With a runtime.module of your own, load "onnxruntime-web/webgpu" in it. Or use device \'wasm\'.'
      : '';
  return new RuntimeError(
    `ONNX Runtime did not start (${reason(cause)}). Serve its file ${WASM_FILES[device]} and give its address as ` +
      `runtime.${URL_OPTIONS[device]}, then load the page again.${advice}`,
    { cause },
  );
}
