import type { OnnxGraph } from './onnx-runtime.js';
import type { Turns } from './turns.js';

/** Runs of the WebAssembly runtime that overlap would share its one stack: they run one after another. */
export function inTurn(graph: OnnxGraph, turns: Turns): OnnxGraph {
  return {
    inputMetadata: graph.inputMetadata,
    outputMetadata: graph.outputMetadata,
    outputNames: graph.outputNames,
    run: (...call) => turns.take(() => graph.run(...call)),
    release: () => turns.take(() => graph.release()),
  };
}
