import { Readable, Writable } from 'node:stream';
import type { CaptionStatistics } from '../../src/captioner/caption-result.js';
import type { CaptionOptions, CaptionResult, ImageSource } from '../../src/index.js';
import type {
  CommandCaptioner,
  CommandIo,
  LoadCaptionerOptions,
  OutputStream,
} from '../../src/cli/console/command-io.js';

/** A stream that keeps what is written to it. */
export class TextStream extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor(columns?: number) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
    this.columns = columns;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

/** What a fake captioner was asked. */
interface Calls {
  readonly loaded: { model: string | undefined; options: LoadCaptionerOptions }[];
  readonly captioned: { image: ImageSource; options: CaptionOptions }[];
  disposed: number;
}

/** Replaces parts of a fake command's surroundings. */
export interface FakeOptions {
  /** What captioning a picture gives; default a sentence that names it. */
  readonly caption?: (image: ImageSource, options: CaptionOptions) => CaptionResult | Promise<CaptionResult>;
  /** What reading the text in an image gives; default a sentence that names it. */
  readonly readText?: CommandCaptioner['readText'];
  /** What is known of the model. Default: it writes English, and has no regions. */
  readonly manifest?: Partial<CommandCaptioner['manifest']>;
  /** Is called while the model loads. */
  readonly load?: (model: string | undefined, options: LoadCaptionerOptions) => Promise<void>;
  /** What loading gives, where it fails. */
  readonly loadError?: Error;
  /** What loads a CLIP; default nothing does. */
  readonly loadClip?: CommandIo['loadClip'];
  readonly stdout?: OutputStream;
  readonly stderr?: OutputStream;
  readonly stdin?: CommandIo['stdin'];
  readonly signal?: AbortSignal;
}

/** Surroundings of a command without a process, a model or a picture. */
export function fakeIo(options: FakeOptions = {}) {
  const calls: Calls = { loaded: [], captioned: [], disposed: 0 };
  const stdout = new TextStream();
  const stderr = new TextStream();
  const captioner: CommandCaptioner = {
    manifest: {
      languages: ['en'],
      image: { width: 8, height: 8, resize: 'squash', resample: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
      ...options.manifest,
    },
    async caption(image, captionOptions) {
      calls.captioned.push({ image, options: captionOptions });
      return (options.caption ?? sentence)(image, captionOptions);
    },
    async readText(image, readOptions) {
      return options.readText?.(image, readOptions) ?? sentence(`what ${image as string} says`);
    },
    stream(image, captionOptions) {
      calls.captioned.push({ image, options: captionOptions });
      const result = Promise.resolve().then(() => (options.caption ?? sentence)(image, captionOptions));
      return {
        result,
        async *[Symbol.asyncIterator]() {
          yield* (await result).text.split(/(?= )/);
        },
      };
    },
    async dispose() {
      calls.disposed += 1;
    },
  };
  const io: CommandIo = {
    stdin: Readable.from([new Uint8Array([1])]),
    stdout,
    stderr,
    signal: new AbortController().signal,
    version: '1.2.3',
    async loadCaptioner(model, loadOptions) {
      calls.loaded.push({ model, options: loadOptions });
      await options.load?.(model, loadOptions);
      if (options.loadError) throw options.loadError;
      return captioner;
    },
    loadClip: options.loadClip ?? (() => Promise.reject(new Error('this test has no CLIP'))),
    pageScript: async (page) => `// the script of ${page}`,
    ...pickStreams(options),
  };
  return { io, calls, stdout, stderr };
}

function pickStreams({ stdin, stdout, stderr, signal }: FakeOptions): Partial<CommandIo> {
  return { ...(stdin && { stdin }), ...(stdout && { stdout }), ...(stderr && { stderr }), ...(signal && { signal }) };
}

/** Of each caption of {@link sentence}. */
export const STATISTICS: CaptionStatistics = {
  meanLogProb: -1,
  minLogProb: -1.5,
  meanEntropy: 0.6,
  maxEntropy: 0.7,
  length: 2,
  contrastDeficit: 0,
  regionVarianceDeficit: 0,
  colorEntropy: 9,
  colorCount: 5,
  hueSpread: 0.1,
  saturationSpread: 0.1,
};

/** As many captions as were asked for. */
export function sentence(image: ImageSource, { numCaptions = 1, genderEvidence }: CaptionOptions = {}): CaptionResult {
  const name = typeof image === 'string' ? image : 'stream';
  const captions = Array.from({ length: numCaptions }, (_, rank) => ({
    text: rank === 0 ? `This is ${name}.` : `This is ${name}, ${rank + 1}.`,
    score: -1 - rank,
    logProb: -2 - rank,
    finishReason: 'stop' as const,
    tokens: [
      {
        id: 7,
        text: 'this',
        logProb: -0.5,
        entropy: 0.7,
        attention: new Float32Array([0.25, 0.75]),
      },
    ],
    words: [{ text: 'this', logProb: -0.5 }],
    statistics: STATISTICS,
  }));
  const timing = { decodeMs: 1, preprocessMs: 2, encodeMs: 3, searchMs: 4, totalMs: 10 };
  return { ...captions[0]!, captions, timing, ...(genderEvidence && { genderEvidence: EVIDENCE }) };
}

/** Of each image. */
export const EVIDENCE = {
  logOdds: 2,
  captions: { male: 'A man runs.', female: 'A woman runs.', none: 'A person runs.' },
};

/** A result with a confidence. */
export function withConfidence(
  result: CaptionResult,
  confidence: number,
  assessment: NonNullable<CaptionResult['assessment']>,
): CaptionResult {
  return { ...result, confidence, assessment, captions: [{ ...result, confidence, assessment }] };
}
