import type { Platform, RawImage } from '../core/index.js';
import { check, checkFails, failure } from './assertions.js';
import { type ContractCase, contractCases, type ContractOptions } from './contract-case.js';

/** A picture and what must come of it. */
export interface PlatformSample<Source> {
  /** For messages. */
  readonly name: string;
  /** The picture in a form that the platform takes. */
  readonly source: Source;
  /** Its width in pixels, upright. */
  readonly width: number;
  /** Its height in pixels, upright. */
  readonly height: number;
}

/** What the platform suite needs. */
export interface PlatformContractOptions<Source> extends ContractOptions<Platform<Source>> {
  /** Pictures that the platform decodes, each of more than one pixel. At least one. */
  readonly samples: readonly [PlatformSample<Source>, ...PlatformSample<Source>[]];
  /** Something in a form that the platform takes, which is not an image. */
  readonly garbage: Source;
  /** A model folder, or the URL of one, that does not exist. */
  readonly missingModel: string | URL;
}

/** SHA-256 of the empty text and of `abc` (FIPS 180-2, appendix B.1). */
const KNOWN_HASHES = {
  '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
};

/**
 * The checks of {@link Platform}'s contract.
 *
 * @typeParam Source the forms in which the platform takes pictures
 */
export function platformContract<Source>(options: PlatformContractOptions<Source>): ContractCase[] {
  return contractCases(options, {
    ...decodeChecks(options),

    'a file that is not a graph is a ModelFileError': async (platform) => {
      const garbage = Uint8Array.from({ length: 64 }, (_, index) => (index * 37) % 256);
      await checkFails(() => platform.createSession(garbage, 'garbage.onnx'), ['MODEL_FILE'], 'Garbage as a graph');
      const empty = new Uint8Array(0);
      await checkFails(() => platform.createSession(empty, 'empty.onnx'), ['MODEL_FILE'], 'No bytes as a graph');
    },

    'a model that is missing is a ModelFileError, or a FetchError behind a URL': async (platform) => {
      const { missingModel } = options;
      const isUrl = missingModel instanceof URL || /^https?:/.test(missingModel);
      const open = async (): Promise<Uint8Array> =>
        (await platform.findModelFiles(missingModel)).read('captioneer.json');
      await checkFails(open, isUrl ? ['MODEL_FILE', 'FETCH_FAILED'] : ['MODEL_FILE'], 'A missing model');
    },

    'fingerprint gives sizes and known hashes': async (platform) => {
      for (const [text, expected] of Object.entries(KNOWN_HASHES)) {
        const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
        const { bytes: size, sha256 } = await platform.fingerprint(bytes);
        check(size === bytes.length, `"${text}" has ${size} bytes instead of ${bytes.length}.`);
        check(sha256 === expected, `SHA-256 of "${text}" is ${sha256} instead of ${expected}.`);
      }
    },

    'fingerprint hashes what a view shows, not its whole buffer': async (platform) => {
      const view = Uint8Array.of(1, 97, 98, 99, 2).subarray(1, 4); // abc
      const { sha256 } = await platform.fingerprint(view);
      check(sha256 === KNOWN_HASHES.abc, `SHA-256 of a view on "abc" is ${sha256}.`);
    },
  });
}

type Checks<Source> = Record<string, (platform: Platform<Source>) => Promise<void>>;

function decodeChecks<Source>({ samples, garbage }: PlatformContractOptions<Source>): Checks<Source> {
  const [sample] = samples;
  return {
    'pictures have the right size': async (platform) => {
      for (const { name, source, width, height } of samples) {
        checkSize(await platform.decodeImage(source), width, height, name);
      }
    },

    'the same picture gives the same pixels, also when calls overlap': async (platform) => {
      const first = await platform.decodeImage(sample.source);
      const others = await Promise.all([platform.decodeImage(sample.source), platform.decodeImage(sample.source)]);
      for (const { data } of others) {
        const differs = data.findIndex((byte, index) => byte !== first.data[index]);
        check(differs === -1, `${sample.name}: byte ${differs} is not the same a second time.`);
      }
    },

    'a picture of more than maxPixels is an ImageTooLargeError': async (platform) => {
      const maxPixels = sample.width * sample.height;
      checkSize(await platform.decodeImage(sample.source, { maxPixels }), sample.width, sample.height, sample.name);
      const decode = (): Promise<RawImage> => platform.decodeImage(sample.source, { maxPixels: maxPixels - 1 });
      await checkFails(decode, ['IMAGE_TOO_LARGE'], `${sample.name} with one pixel too many`);
    },

    'what is not an image is an ImageUnreadableError': async (platform) => {
      await checkFails(() => platform.decodeImage(garbage), ['IMAGE_UNREADABLE'], 'Garbage as a picture');
    },

    'a failure does not spoil later calls': async (platform) => {
      await failure(() => platform.decodeImage(garbage), 'Garbage as a picture');
      await failure(() => platform.createSession(new Uint8Array(8), 'zeros.onnx'), 'Zeros as a graph');
      checkSize(await platform.decodeImage(sample.source), sample.width, sample.height, sample.name);
    },

    'an abort reason is thrown untouched': async (platform) => {
      const reason = { why: 'the contract suite stopped it' };
      const signal = AbortSignal.abort(reason);
      const error = await failure(() => platform.decodeImage(sample.source, { signal }), 'A stopped reading');
      check(error === reason, `The abort reason came out as ${String(error)}.`);
    },
  };
}

function checkSize(
  { data, width, height }: RawImage,
  expectedWidth: number,
  expectedHeight: number,
  name: string,
): void {
  const found = `${width}×${height}`;
  check(
    width === expectedWidth && height === expectedHeight,
    `${name}: ${found}, not ${expectedWidth}×${expectedHeight}.`,
  );
  check(data.length === width * height * 3, `${name}: ${data.length} bytes for ${found} RGB pixels.`);
}
