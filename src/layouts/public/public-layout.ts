import type {
  CaptionDecoder,
  ImageEncoder,
  ModelDescription,
  Session,
  Tokenizer,
  WarningListener,
} from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';

/** What the JSON files of a checkpoint say. */
interface CheckpointSettings {
  /** `config.json` */
  readonly config: FieldReader;
  /** `preprocessor_config.json` */
  readonly processor: FieldReader;
  /** `generation_config.json`; undefined if there is none. */
  readonly generation: FieldReader | undefined;
  /** Hears of settings that have no effect here. */
  readonly onWarning: WarningListener | undefined;
}

/** A graph and the file that it came from. */
export interface LoadedGraph {
  /** For messages. */
  readonly file: string;
  readonly session: Session;
  /** If the graph has been taken apart: what of it runs once for each image. `session` is then the rest. */
  readonly imagePart?: Session;
}

/** What is known of a checkpoint before its graphs are loaded. */
interface PublicCheckpoint {
  readonly description: Omit<ModelDescription, 'name' | 'languages' | 'license' | 'trainingData'>;
  /**
   * Compares the graphs with the configurations and puts them together.
   *
   * @param graphs by the names that the layout lists
   * @throws ModelMismatchError
   */
  assemble(
    graphs: Readonly<Record<string, LoadedGraph>>,
    tokenizer: Tokenizer,
  ): { readonly encoder: ImageEncoder; readonly decoder: CaptionDecoder };
}

/** A layout in which checkpoints are published on the hub: JSON files, a tokenizer, and graphs in `onnx/`. */
export interface PublicLayout {
  /** Names of its graphs, such as `encoder_model`; that of the decoder, which runs at each step, last. */
  readonly graphs: readonly string[];
  /** What the decoder takes at each step. */
  readonly decoderInputs: {
    /** Names of the inputs that stay the same from step to step. */
    readonly ofTheImage: readonly string[];
    /** Those that have a token, or what belongs to it, for each row. */
    readonly ofOneToken: readonly string[];
    /** That which chooses the branch for steps with caches. */
    readonly useCache: string;
    /** The input that an output of the first step is at all later ones; undefined for another output. */
    readonly keptAs: (output: string) => string | undefined;
    /** The output of logits, and the names for what is computed of them. */
    readonly summary: { readonly logits: string; readonly logSumExp: string; readonly entropy: string };
  };
  /**
   * Reads the JSON files.
   *
   * @throws ManifestError which names the file, the field, what was expected and what was found
   */
  read(settings: CheckpointSettings): PublicCheckpoint;
}
