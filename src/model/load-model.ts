import {
  ModelFileError,
  type GraphFile,
  type GraphSource,
  type Manifest,
  type ModelFile,
  type ModelFiles,
  type Platform,
  type Session,
  type SessionOptions,
} from '../core/index.js';
import { GraphDecoder } from '../decoders/index.js';
import { GraphEncoder } from '../encoders/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { parseManifest } from './manifest/parse-manifest.js';
import { familyOf } from './check-family.js';
import { checkGraphs } from './check-graphs.js';
import type { Model } from './model.js';
import { baseName, OpenSessions } from './open-sessions.js';

/** The manifest's name in a model folder. */
export const MANIFEST_FILE = 'captioneer.json';

/** A step of a decoder smaller than this, in bytes, is too short to be shared out: one thread measured no slower. */
const SMALL_DECODER = 16 * 2 ** 20;

/** How a model is loaded. */
export interface LoadModelOptions {
  /** Stops the loading between two files; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Loads a model folder: reads the manifest, reads each file and checks its size and hash, loads the graphs, and checks that all
 * parts fit together. Where anything fails, what had been loaded is released.
 *
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, or the abort reason
 */
export async function loadModel(files: ModelFiles, platform: Platform, options: LoadModelOptions = {}): Promise<Model> {
  const { signal } = options;
  const text = new TextDecoder();
  const manifest = parseManifest(
    text.decode(await files.read(MANIFEST_FILE, signal)),
    `${files.location}/${MANIFEST_FILE}`,
  );
  familyOf(manifest); // an unknown one is refused before its graphs are read
  const tokenizer = createTokenizer(
    manifest,
    text.decode(await readChecked(files, manifest.tokenizer, platform, signal)),
  );
  const sessions = new OpenSessions(platform, signal);
  const open = async (graph: GraphFile, settings: SessionOptions): Promise<Session> => {
    const source = await checkedSource(files, graph, platform, signal);
    const weights = graph.weights && (await checkedWeights(files, graph.weights, platform, signal));
    return sessions.open(source, graph.file, { ...settings, ...weights });
  };
  try {
    const encoder = await open(manifest.graphs.encoder, {});
    const decoder = await open(manifest.graphs.decoder, decoderSettings(manifest));
    checkGraphs(manifest, encoder, decoder);
    return {
      manifest,
      encoder: new GraphEncoder(encoder),
      decoder: new GraphDecoder(decoder, manifest),
      tokenizer,
      release: () => sessions.release(),
    };
  } catch (error) {
    await sessions.release();
    throw error;
  }
}

function decoderSettings({ graphs }: Manifest): SessionOptions {
  const { bytes, weights } = graphs.decoder;
  return { isSmall: bytes + (weights?.bytes ?? 0) < SMALL_DECODER };
}

/** A file by its path where the platform has one, so that a large one is not in memory twice. */
async function checkedSource(
  files: ModelFiles,
  file: ModelFile,
  platform: Platform,
  signal: AbortSignal | undefined,
): Promise<GraphSource> {
  signal?.throwIfAborted();
  const source = await (files.locate ? files.locate(file.file, signal) : files.read(file.file, signal));
  await check(source, files, file, platform, signal);
  return source;
}

/** The weights beside a graph, as a session is told of them: by their name if it is given a path, and finds them itself. */
async function checkedWeights(
  files: ModelFiles,
  file: ModelFile,
  platform: Platform,
  signal: AbortSignal | undefined,
): Promise<Pick<SessionOptions, 'externalData' | 'weightFiles'>> {
  const source = await checkedSource(files, file, platform, signal);
  const name = baseName(file.file);
  return typeof source === 'string' ? { weightFiles: [name] } : { externalData: { [name]: source } };
}

async function readChecked(
  files: ModelFiles,
  file: ModelFile,
  platform: Platform,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const data = await files.read(file.file, signal);
  await check(data, files, file, platform, signal);
  return data;
}

async function check(
  source: GraphSource,
  { location }: ModelFiles,
  { file, bytes, sha256 }: ModelFile,
  platform: Platform,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await platform.fingerprint(source, signal);
  const where = `${location}/${file}`;
  const advice = 'Copy or download the model again.';
  if (found.bytes !== bytes) {
    const state = found.bytes < bytes ? 'cut short' : 'altered';
    throw new ModelFileError(file, `${where} is ${state}: expected ${bytes} bytes, found ${found.bytes}. ${advice}`);
  }
  if (found.sha256 !== sha256) {
    const message = `${where} is altered: expected SHA-256 ${sha256}, found ${found.sha256}. ${advice}`;
    throw new ModelFileError(file, message);
  }
}
