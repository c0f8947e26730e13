import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { InferenceSession, OnnxValue } from 'onnxruntime-common';
import { ELEMENT_TYPES } from '../../../onnx/index.js';
import type { OnnxGraph, OnnxRuntime } from '../../shared/runtime/onnx-runtime.js';
import { PlainTensor, type AddonSession, type AddonValueInfo, type NativeAddon } from './native-addon.js';

/** The interface of ONNX Runtime on its native addon. */
export function nativeRuntime(addon: NativeAddon): OnnxRuntime {
  return {
    Tensor: PlainTensor as unknown as OnnxRuntime['Tensor'],
    InferenceSession: { create: (graph, options) => createGraph(addon, graph, options) },
  };
}

async function createGraph(
  addon: NativeAddon,
  graph: Uint8Array | string,
  options: InferenceSession.SessionOptions,
): Promise<OnnxGraph> {
  await turnOfEventLoop();
  const session = new addon.InferenceSession();
  if (typeof graph === 'string') session.loadModel(graph, options);
  else session.loadModel(graph.buffer, graph.byteOffset, graph.byteLength, options);
  return new NativeGraph(session);
}

/** A graph in the addon. Its calls block the thread, so each lets the event loop turn first. */
class NativeGraph implements OnnxGraph {
  readonly inputMetadata: readonly InferenceSession.ValueMetadata[];
  readonly outputMetadata: readonly InferenceSession.ValueMetadata[];
  readonly outputNames: readonly string[];
  readonly #session: AddonSession;

  constructor(session: AddonSession) {
    this.#session = session;
    this.inputMetadata = session.inputMetadata.map(valueMetadata);
    this.outputMetadata = session.outputMetadata.map(valueMetadata);
    this.outputNames = this.outputMetadata.map(({ name }) => name);
  }

  async run(
    feeds: InferenceSession.FeedsType,
    outputs: readonly string[],
    options: InferenceSession.RunOptions,
  ): Promise<InferenceSession.ReturnType> {
    for (const name of outputs) this.#checkName(name);
    await turnOfEventLoop();
    const fetches = Object.fromEntries(outputs.map((name) => [name, null]));
    return this.#session.run(feeds, fetches, options) as unknown as Record<string, OnnxValue>;
  }

  async release(): Promise<void> {
    this.#session.dispose();
  }

  #checkName(output: string): void {
    if (!this.outputNames.includes(output)) throw new Error(`the graph has no output "${output}"`);
  }
}

function valueMetadata({
  name,
  isTensor,
  type,
  shape,
  symbolicDimensions,
}: AddonValueInfo): InferenceSession.ValueMetadata {
  if (!isTensor) return { name, isTensor: false };
  const dims = shape.map((size, axis) => (size === -1 ? (symbolicDimensions[axis] ?? '') : size));
  return { name, isTensor, type: (ELEMENT_TYPES[type] ?? 'other') as 'float32', shape: dims };
}
