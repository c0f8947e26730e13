import { ignore } from '../../../core/until-aborted.js';
import type { OnnxGraph } from './onnx-runtime.js';

/** Runs one piece of work at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws what `work` throws */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(ignore);
    return done;
  }
}

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
