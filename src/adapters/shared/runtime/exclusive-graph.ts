import type { Mutex } from '../../../async/mutex.js';
import type { OnnxGraph } from './onnx-runtime.js';

/** A graph whose runs do not overlap: overlapping runs would share the one stack of the WebAssembly runtime. */
export function exclusiveGraph(graph: OnnxGraph, mutex: Mutex): OnnxGraph {
  return {
    inputMetadata: graph.inputMetadata,
    outputMetadata: graph.outputMetadata,
    outputNames: graph.outputNames,
    run: (...call) => mutex.run(() => graph.run(...call)),
    release: () => mutex.run(() => graph.release()),
  };
}
