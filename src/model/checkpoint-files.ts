import type { ModelFiles, Tokenizer } from '../core/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { parseJson, type FieldReader } from '../validate/index.js';
import { fetchFiles } from './gather-files.js';
import { MAX_TOKENIZER_BYTES, readJsonText } from './read-json.js';

/** How an image becomes pixel values. */
export const PROCESSOR_FILE = 'preprocessor_config.json';
export const TOKENIZER_FILE = 'tokenizer.json';

/** Brings graphs and their weights here at once, if they come through the network and can be kept. */
export async function fetchGraphs(files: ModelFiles, graphs: readonly string[], signal?: AbortSignal): Promise<void> {
  if (files.fetch) await fetchFiles(files, await withWeights(files, graphs, signal), signal);
}

/** The files of graphs and of their weights. */
async function withWeights(
  files: ModelFiles,
  graphs: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const names: string[] = [];
  for (const graph of graphs) names.push(graph, ...(await weightFiles(files, graph, signal)));
  return names;
}

/** A JSON file of a checkpoint. */
export async function readJson(files: ModelFiles, name: string, signal?: AbortSignal): Promise<FieldReader> {
  return parseJson(await readJsonText(files, name, signal), `${files.location}/${name}`);
}

/** The files beside a graph that hold its weights if it is too large for one file: `<graph>_data`, and `<graph>_data_1` and so on if there are more. */
export async function weightFiles(files: ModelFiles, graph: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for (let name = `${graph}_data`; await files.has(name, signal); name = `${graph}_data_${found.length}`) {
    found.push(name);
  }
  return found;
}

/** The tokenizer of a checkpoint. */
export async function readTokenizer(
  files: ModelFiles,
  vocabularySize: number,
  signal?: AbortSignal,
): Promise<Tokenizer> {
  const json = await readJsonText(files, TOKENIZER_FILE, signal, MAX_TOKENIZER_BYTES);
  return createTokenizer({ tokenizer: { type: 'byte-level-bpe', file: TOKENIZER_FILE }, vocabularySize }, json);
}
