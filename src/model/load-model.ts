import type { GraphFile, Manifest, ModelFile, ModelFiles, Platform, Session, SessionOptions } from '../core/index.js';
import { checkGraphs, familyOf, GraphDecoder, GraphEncoder } from '../layouts/captioneer/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { CheckedFiles } from './checked-files.js';
import { DownloadProgress } from './download-progress.js';
import { parseManifest } from './manifest/parse-manifest.js';
import type { Model } from './model.js';
import { OpenSessions } from './open-sessions.js';
import { readJsonText } from './read-json.js';

/** The manifest's name in a model folder. */
export const MANIFEST_FILE = 'captioneer.json';

/** A step of a decoder smaller than this, in bytes, is too short to be shared out: one thread measured no slower. */
const SMALL_DECODER = 16 * 2 ** 20;

/** How a model is loaded. */
export interface LoadModelOptions {
  /** Is told which files there are. */
  readonly progress?: DownloadProgress;
  /** Stops the loading between two files; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a model folder: reads the manifest, fetches the files that it names at once, checks size and hash of each, loads the graphs,
 * and checks that all parts fit together. If anything fails, what had been loaded is released.
 *
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, or the abort reason
 */
export async function loadModel(files: ModelFiles, platform: Platform, options: LoadModelOptions = {}): Promise<Model> {
  const { progress = new DownloadProgress(undefined), signal } = options;
  const json = await readJsonText(files, MANIFEST_FILE, signal);
  const manifest = parseManifest(json, `${files.location}/${MANIFEST_FILE}`);
  familyOf(manifest); // an unknown one is refused before its graphs are read
  const checked = await CheckedFiles.open(files, filesOf(manifest), platform, progress, signal);
  const tokenizer = createTokenizer(manifest, await checked.text(manifest.tokenizer));
  const sessions = new OpenSessions(platform, signal);
  const open = async (file: GraphFile, more: SessionOptions): Promise<Session> => {
    const { source, settings } = await checked.graph(file);
    return sessions.open(source, file.file, { ...more, ...settings });
  };
  try {
    const encoder = await open(manifest.graphs.encoder, {});
    const decoder = await open(manifest.graphs.decoder, decoderSettings(manifest));
    checkGraphs(manifest, encoder, decoder);
    return {
      manifest,
      encoder: new GraphEncoder(encoder, manifest.regions?.boxes?.labels),
      decoder: new GraphDecoder(decoder, manifest),
      tokenizer,
      device: decoder.device,
      release: () => sessions.release(),
    };
  } catch (error) {
    await sessions.release();
    throw error;
  }
}

/** All files of a model but its manifest. */
export function filesOf({ graphs, tokenizer }: Manifest): ModelFile[] {
  const withWeights = ({ weights, ...file }: GraphFile): ModelFile[] => (weights ? [file, weights] : [file]);
  return [tokenizer, ...withWeights(graphs.encoder), ...withWeights(graphs.decoder)];
}

function decoderSettings({ graphs }: Manifest): SessionOptions {
  const { bytes, weights } = graphs.decoder;
  return { isSmall: bytes + (weights?.bytes ?? 0) < SMALL_DECODER };
}
