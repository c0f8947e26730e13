import { readFile, readdir } from 'node:fs/promises';
import { createRequire as requireFrom } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-common';
import { quietly, type OnnxGraph, type OnnxRuntime } from '../../shared/runtime/onnx-runtime.js';
import { Mutex } from '../../../async/mutex.js';
import { exclusiveGraph } from '../../shared/runtime/exclusive-graph.js';
import { thisFile } from '../files/this-file.js';

/** Found in the application's node_modules when it runs, not put into a bundle; not a literal, so that no tool collects it. */
const PACKAGE = ['onnxruntime', 'web'].join('-');

/** All graphs of a process share the runtime, and it runs one of them at a time. */
const mutex = new Mutex();

/**
 * Loads onnxruntime-web: the same runtime compiled to WebAssembly, which runs wherever Node does, and more slowly.
 *
 * @throws what Node throws if the package is not installed
 */
export function loadWasmRuntime(): OnnxRuntime {
  const require = requireFrom(thisFile());
  const runtime = require(PACKAGE) as OnnxRuntime & { env: { wasm: { numThreads?: number } } };
  // Further threads wait for work in busy loops.
  runtime.env.wasm.numThreads ??= 1;
  return {
    Tensor: runtime.Tensor,
    InferenceSession: { create: (graph, options) => createGraph(runtime, graph, options) },
  };
}

async function createGraph(
  runtime: OnnxRuntime,
  graph: Uint8Array | string,
  { intraOpNumThreads: _threads, extra: _extra, ...options }: InferenceSession.SessionOptions,
): Promise<OnnxGraph> {
  const bytes = typeof graph === 'string' ? await readFile(graph) : graph;
  const settings = {
    ...options,
    executionProviders: ['wasm'],
    ...(typeof graph === 'string' && { externalData: await readExternalData(graph, bytes) }),
  };
  const created = await mutex.run(() => quietly(runtime, () => runtime.InferenceSession.create(bytes, settings)));
  return exclusiveGraph(created, mutex);
}

/** The files beside a graph whose names stand in it: those that hold its weights. */
async function readExternalData(
  path: string,
  graph: Uint8Array,
): Promise<{ readonly path: string; readonly data: Uint8Array }[]> {
  const content = Buffer.from(graph.buffer, graph.byteOffset, graph.byteLength);
  const names = (await readdir(dirname(path))).filter((name) => name !== basename(path) && content.includes(name));
  return Promise.all(names.map(async (name) => ({ path: name, data: await readFile(join(dirname(path), name)) })));
}
