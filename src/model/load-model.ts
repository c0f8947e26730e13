import type {
  GraphFile,
  Manifest,
  ModelFile,
  ModelFiles,
  Platform,
  Session,
  SessionOptions,
  Tokenizer,
} from '../core/index.js';
import { checkGraphs, familyOf, GraphDecoder, GraphEncoder } from '../layouts/captioneer/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { CheckedFiles, type CheckedGraph } from './checked-files.js';
import { DownloadProgress } from './download-progress.js';
import { parseManifest } from './manifest/parse-manifest.js';
import type { Model } from './model.js';
import { OpenSessions } from './open-sessions.js';
import { readJsonText } from './read-json.js';

/** The manifest's name in a model folder. */
export const MANIFEST_FILE = 'captioneer.json';

/** A step of a decoder smaller than this, in bytes, is too short to be shared out: one thread measured no slower. */
const SMALL_DECODER = 16 * 2 ** 20;

/** What is known of a model before its graphs are loaded. */
interface ModelTexts {
  readonly manifest: Manifest;
  readonly tokenizer: Tokenizer;
}

/** How a model is loaded. */
export interface LoadModelOptions {
  /** Is told which files there are. */
  readonly progress?: DownloadProgress;
  /** Stops the loading between two files; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Is called once the runtime has begun to load a graph, to do meanwhile what needs none. */
  readonly meanwhile?: ((texts: ModelTexts) => void) | undefined;
}

/**
 * Loads a model folder: reads the manifest, fetches the files that it names at once, checks size and hash of each, loads the graphs,
 * and checks that all parts fit together. If anything fails, what had been loaded is released.
 *
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, or the abort reason
 */
export async function loadModel(files: ModelFiles, platform: Platform, options: LoadModelOptions = {}): Promise<Model> {
  const { progress = new DownloadProgress(undefined), signal, meanwhile } = options;
  const json = await readJsonText(files, MANIFEST_FILE, signal);
  const manifest = parseManifest(json, `${files.location}/${MANIFEST_FILE}`);
  familyOf(manifest); // an unknown one is refused before its graphs are read
  const checked = await CheckedFiles.open(files, filesOf(manifest), platform, progress, signal);
  const tokenizer = createTokenizer(manifest, await checked.text(manifest.tokenizer));
  const sessions = new OpenSessions(platform, signal);
  const open = ({ source, settings }: CheckedGraph, { file }: GraphFile, more: SessionOptions): Promise<Session> =>
    sessions.open(source, file, { ...more, ...settings });
  try {
    const { graphs } = manifest;
    const readingEncoder = checked.graph(graphs.encoder);
    const readingDecoder = checked.canReadAhead ? checked.graph(graphs.decoder) : undefined;
    readingDecoder?.catch(() => undefined); // what is wrong with the encoder is told first
    const opening = open(await readingEncoder, graphs.encoder, {});
    meanwhile?.({ manifest, tokenizer });
    const encoder = await opening;
    const decoder = await open(
      await (readingDecoder ?? checked.graph(graphs.decoder)),
      graphs.decoder,
      decoderSettings(manifest),
    );
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
