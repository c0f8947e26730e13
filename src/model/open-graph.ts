import {
  CaptioneerError,
  type ByteSource,
  type ModelFiles,
  type Platform,
  type Session,
  type SessionOptions,
} from '../core/index.js';
import type { GraphFiles } from '../layouts/public/graph-files.js';
import { pairedSession } from '../layouts/public/paired-session.js';
import type { LoadedGraph, PublicLayout } from '../layouts/public/public-layout.js';
import { bytesAsSource, type SplitGraph } from '../onnx/index.js';
import { weightFiles } from './checkpoint-files.js';
import { baseName, type OpenSessions } from './open-sessions.js';

/** What opens the graphs of a checkpoint. */
interface GraphOpener {
  readonly files: ModelFiles;
  readonly sessions: OpenSessions;
  readonly signal: AbortSignal | undefined;
}

/** A graph that has been found: by its path if the platform has such, else in memory, with the files that have its weights. */
interface FoundGraph {
  /** For messages. */
  readonly file: string;
  readonly graph: string | Uint8Array;
  /** By the names under which the graph knows them; of a graph that has a path, their names only. */
  readonly weights: ReadonlyMap<string, Uint8Array | undefined>;
}

async function findGraph({ files, signal }: GraphOpener, file: string): Promise<FoundGraph> {
  const names = await weightFiles(files, file, signal);
  const graph = files.locate ? await files.locate(file, signal) : await files.read(file, signal);
  const weights = new Map<string, Uint8Array | undefined>();
  for (const name of names) {
    if (files.locate) await files.locate(name, signal);
    weights.set(baseName(name), files.locate ? undefined : await files.read(name, signal));
  }
  return { file, graph, weights };
}

/**
 * Loads a graph, and the files beside it that hold its weights if it is too large for one file.
 *
 * @throws what reading throws; ModelFileError if the runtime cannot read the graph
 */
export async function openGraph(opener: GraphOpener, file: string): Promise<LoadedGraph> {
  return openWhole(opener, await findGraph(opener, file));
}

async function openWhole({ sessions }: GraphOpener, { file, graph, weights }: FoundGraph): Promise<LoadedGraph> {
  const names = [...weights.keys()];
  const settings = typeof graph === 'string' ? { weightFiles: names } : { externalData: inMemory(weights) };
  return { file, session: await sessions.open(graph, file, names.length === 0 ? {} : settings) };
}

/**
 * Loads the decoder, in two parts if its graph can be taken apart: what it computes of the image alone, at each step again as it is
 * published, runs once. Of a decoder in two files, that of later steps then serves the first one, too, with caches of length 0.
 *
 * @throws as {@link openGraph}
 */
export async function openDecoder(
  opener: GraphOpener & { readonly platform: Platform },
  [first, later]: GraphFiles,
  { decoderInputs }: Pick<PublicLayout, 'decoderInputs'>,
): Promise<LoadedGraph> {
  const file = later ?? first;
  const found = await findGraph(opener, file);
  const { ofTheImage, useCache, ...others } = decoderInputs;
  const options = { ...others, file: baseName(file), fixed: ofTheImage, flag: useCache };
  // What takes graphs apart is loaded with the first one: pages that run models of their own need none of it.
  const { splitGraph } = await import('../onnx/split-graph.js');
  const split = (source: ByteSource): SplitGraph | undefined => splitGraph(source, options);
  const { graph } = found;
  const parts = typeof graph === 'string' ? opener.platform.withFile?.(graph, split) : split(bytesAsSource(graph));
  const loaded = (parts && (await openParts(opener, found, parts))) ?? (await openWhole(opener, found));
  if (later === undefined || loaded.imagePart) return loaded;
  const { session } = await openGraph(opener, first);
  return { file, session: pairedSession(session, loaded.session) };
}

/** Loads both parts, which find their weights in the graph's file. Undefined if the runtime cannot read one of them. */
async function openParts(
  { sessions }: GraphOpener,
  { file, graph, weights }: FoundGraph,
  parts: SplitGraph,
): Promise<LoadedGraph | undefined> {
  const name = baseName(file);
  const settings: SessionOptions =
    typeof graph === 'string'
      ? { weightsBeside: graph, weightFiles: [name, ...weights.keys()] }
      : { externalData: { [name]: graph, ...inMemory(weights) } };
  const open = (part: Uint8Array): Promise<Session | undefined> =>
    sessions.open(part, file, settings).catch(undefinedIfUnreadable);
  const imagePart = await open(parts.fixedPart);
  const between = new Map(imagePart?.outputs.map((output) => [output.name, output]));
  const stepPart = imagePart && parts.stepPart(between);
  const session = stepPart && (await open(stepPart));
  if (imagePart && session) return { file, session, imagePart };
  await imagePart?.release();
  return undefined;
}

function undefinedIfUnreadable(error: unknown): undefined {
  if (!CaptioneerError.isInstance(error) || error.code !== 'MODEL_FILE') throw error;
}

function inMemory(weights: FoundGraph['weights']): Record<string, Uint8Array> {
  return Object.fromEntries([...weights].filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined));
}
