import {
  ModelFileError,
  parseManifest,
  type CaptionDecoder,
  type ImageEncoder,
  type Manifest,
  type ModelFile,
  type ModelFiles,
  type Platform,
  type Session,
  type SessionOptions,
  type Tokenizer,
} from '../core/index.js';
import { GraphDecoder } from '../decoders/index.js';
import { GraphEncoder } from '../encoders/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { familyOf } from './check-family.js';
import { checkGraphs } from './check-graphs.js';

/** The manifest's name in a model folder. */
const MANIFEST_FILE = 'captioneer.json';

/** A step of a decoder smaller than this, in bytes, is too short to be shared out: one thread measured no slower. */
const SMALL_DECODER = 16 * 2 ** 20;

/** A model, loaded and checked, ready to caption. */
export interface Model {
  readonly manifest: Manifest;
  readonly encoder: ImageEncoder;
  readonly decoder: CaptionDecoder;
  readonly tokenizer: Tokenizer;
  /** Releases the graphs. */
  release(): Promise<void>;
}

/** How a model is loaded. */
export interface LoadModelOptions {
  readonly session?: SessionOptions;
  /** Stops the loading between two files; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Loads a model: reads the manifest, reads each file and checks its size and hash, loads the graphs, and checks that all
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
  const sessions: Session[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(sessions.map((session) => session.release()));
  };
  const open = async (file: ModelFile, settings: SessionOptions | undefined): Promise<Session> => {
    const graph = await readChecked(files, file, platform, signal);
    signal?.throwIfAborted();
    const session = await platform.createSession(graph, file.file, settings);
    sessions.push(session);
    return session;
  };
  try {
    const encoder = await open(manifest.graphs.encoder, options.session);
    const decoder = await open(manifest.graphs.decoder, decoderSettings(manifest, options.session));
    signal?.throwIfAborted();
    checkGraphs(manifest, encoder, decoder);
    return {
      manifest,
      encoder: new GraphEncoder(encoder),
      decoder: new GraphDecoder(decoder, manifest),
      tokenizer,
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function decoderSettings({ graphs }: Manifest, settings: SessionOptions | undefined): SessionOptions | undefined {
  return graphs.decoder.bytes < SMALL_DECODER ? { numThreads: 1, ...settings } : settings;
}

async function readChecked(
  files: ModelFiles,
  file: ModelFile,
  platform: Platform,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const data = await files.read(file.file, signal);
  const where = `${files.location}/${file.file}`;
  if (data.byteLength !== file.bytes) {
    const state = data.byteLength < file.bytes ? 'cut short' : 'altered';
    throw new ModelFileError(
      file.file,
      `${where} is ${state}: expected ${file.bytes} bytes, found ${data.byteLength}. Copy or download the model again.`,
    );
  }
  const sha256 = await platform.sha256(data);
  if (sha256 !== file.sha256) {
    throw new ModelFileError(
      file.file,
      `${where} is altered: expected SHA-256 ${file.sha256}, found ${sha256}. Copy or download the model again.`,
    );
  }
  return data;
}
