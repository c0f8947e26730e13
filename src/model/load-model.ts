import {
  ModelFileError,
  parseManifest,
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
import { familyOf } from './check-family.js';
import { checkGraphs } from './check-graphs.js';
import type { Model } from './model.js';
import { OpenSessions } from './open-sessions.js';

/** The manifest's name in a model folder. */
export const MANIFEST_FILE = 'captioneer.json';

/** A step of a decoder smaller than this, in bytes, is too short to be shared out: one thread measured no slower. */
const SMALL_DECODER = 16 * 2 ** 20;

/** How a model is loaded. */
export interface LoadModelOptions {
  readonly session?: SessionOptions;
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
  const open = async (file: ModelFile, settings: SessionOptions | undefined): Promise<Session> =>
    sessions.open(await readChecked(files, file, platform, signal), file.file, settings);
  try {
    const encoder = await open(manifest.graphs.encoder, options.session);
    const decoder = await open(manifest.graphs.decoder, decoderSettings(manifest, options.session));
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
