import type { CaptionDecoder, DecoderStep, EncodedImage } from '../core/index.js';
import { check, checkClose } from './assertions.js';
import { summarise } from './summarise.js';
import { type ContractCase, contractCases, type ContractOptions } from './contract-case.js';

/** What the decoder suite needs. */
export interface DecoderContractOptions<State> extends ContractOptions<CaptionDecoder<State>> {
  /** Gives the picture to decode from, as the decoder's encoder would. */
  image(): EncodedImage | Promise<EncodedImage>;
  /** Another picture, for states that are joined. Default the same. */
  otherImage?(): EncodedImage | Promise<EncodedImage>;
  /** Three different tokens that the decoder is fed with. Default the first, the middle one and the last. */
  readonly tokenIds?: readonly [number, number, number];
  /**
   * How far logits may lie apart if the contract says they are the same, times `1 + magnitude`: runtimes add up in
   * an order that depends on the number of rows. Default 0.0001; dynamically quantised graphs need more.
   */
  readonly tolerance?: number;
}

/** Of what single precision sums up over a vocabulary, times `1 + magnitude`. */
const SUMMARY_TOLERANCE = 1e-5;

/** A decoder, a picture and tokens, with the two things that checks do again and again. */
class Probe<State> {
  readonly decoder: CaptionDecoder<State>;
  readonly image: EncodedImage;
  readonly otherImage: EncodedImage;
  readonly tokens: readonly [number, number, number];
  readonly #tolerance: number;

  constructor(
    decoder: CaptionDecoder<State>,
    [image, otherImage]: readonly [EncodedImage, EncodedImage],
    { tokenIds, tolerance = 1e-4 }: Pick<DecoderContractOptions<State>, 'tokenIds' | 'tolerance'>,
  ) {
    const last = decoder.vocabularySize - 1;
    this.decoder = decoder;
    this.image = image;
    this.otherImage = otherImage;
    this.tokens = tokenIds ?? [0, last >> 1, last];
    this.#tolerance = tolerance;
  }

  /** A step whose logits are a copy, so that no later call can change them. */
  async step(state: State, tokenIds: readonly number[]): Promise<DecoderStep<State>> {
    const step = await this.decoder.step(state, tokenIds);
    return { ...step, logits: step.logits.slice() };
  }

  /** One row that reads these tokens one after another, or nothing but the prefix; the last step. */
  readAll(...tokenIds: readonly number[]): Promise<DecoderStep<State>> {
    return this.readAllOf(this.image, ...tokenIds);
  }

  /** The same of another picture. */
  async readAllOf(image: EncodedImage, ...tokenIds: readonly number[]): Promise<DecoderStep<State>> {
    let step = await this.step(this.decoder.start(image), tokenIds.slice(0, 1));
    for (const tokenId of tokenIds.slice(1)) step = await this.step(step.state, [tokenId]);
    return step;
  }

  /** Checks that a row of a step has the logits of another step's row. */
  checkSameRow(
    step: DecoderStep<State>,
    row: number,
    expected: DecoderStep<State>,
    what: string,
    expectedRow = 0,
  ): void {
    checkClose(this.#row(step, row), this.#row(expected, expectedRow), this.#tolerance, what);
  }

  #row({ logits }: DecoderStep<State>, row: number): Float32Array {
    const { vocabularySize } = this.decoder;
    return logits.slice(row * vocabularySize, (row + 1) * vocabularySize); // [vocabularySize]
  }
}

/**
 * The checks of {@link CaptionDecoder}'s contract: what a search relies on.
 *
 * @typeParam State the decoder's state
 */
export function decoderContract<State>(options: DecoderContractOptions<State>): ContractCase[] {
  const create = async (): Promise<Probe<State>> => {
    const image = await options.image();
    return new Probe(await options.create(), [image, (await options.otherImage?.()) ?? image], options);
  };
  return contractCases<Probe<State>>(
    { ...options, create },
    { ...basicChecks, ...stateChecks, ...rowChecks, ...joinChecks, ...prefixChecks, ...callerChecks },
  );
}

const basicChecks = {
  'sizes are positive integers': ({ decoder }: Probe<unknown>) => {
    const { vocabularySize, maxPositions } = decoder;
    check(Number.isInteger(vocabularySize) && vocabularySize >= 3, `vocabularySize is ${vocabularySize}.`);
    check(Number.isInteger(maxPositions) && maxPositions >= 3, `maxPositions is ${maxPositions}.`);
  },

  'start gives one row, and a step its logits': async <S>({ decoder, image, tokens }: Probe<S>) => {
    const { logits } = await decoder.step(decoder.start(image), [tokens[0]]);
    check(logits instanceof Float32Array, 'The logits are no Float32Array.');
    check(logits.length === decoder.vocabularySize, `${logits.length} logits instead of ${decoder.vocabularySize}.`);
    check(
      logits.every((logit) => logit < Infinity),
      'A logit is NaN or +Infinity.',
    );
  },

  'attention, if told, sums to 1 in each row': async <S>({ decoder, image, tokens }: Probe<S>) => {
    const state = decoder.reorder(decoder.start(image), [0, 0]);
    const { attention } = await decoder.step(state, [tokens[0], tokens[1]]); // [2, regions]
    if (attention === undefined) return;
    const regions = attention.length / 2;
    check(Number.isInteger(regions) && regions > 0, `${attention.length} attention values for 2 rows.`);
    for (const row of [attention.subarray(0, regions), attention.subarray(regions)]) {
      const sum = row.reduce((total, weight) => total + weight, 0);
      check(Math.abs(sum - 1) < 1e-3, `An attention row sums to ${sum}.`);
    }
  },

  'a summary, if told, is that of the logits': async <S>({ decoder, image, tokens }: Probe<S>) => {
    const state = decoder.reorder(decoder.start(image), [0, 0]);
    const { logits, summary } = await decoder.step(state, [tokens[0], tokens[1]]); // [2, vocabularySize], [2] twice
    if (summary === undefined) return;
    const expected = summarise(logits, 2);
    checkClose(summary.logSumExps, expected.logSumExps, SUMMARY_TOLERANCE, 'The logarithms of the sums');
    checkClose(summary.entropies, expected.entropies, SUMMARY_TOLERANCE, 'The entropies');
  },
};

const stateChecks = {
  'start may be called again': async <S>(probe: Probe<S>) => {
    const [a, b, c] = probe.tokens;
    const first = await probe.readAll(a, b, c);
    probe.checkSameRow(await probe.readAll(a, b, c), 0, first, 'The same tokens from a second start');
  },

  'a start state may be stepped from repeatedly': async <S>(probe: Probe<S>) => {
    const { decoder, image, tokens } = probe;
    const state = decoder.start(image);
    const first = await probe.step(state, [tokens[0]]);
    await probe.step(state, [tokens[1]]);
    probe.checkSameRow(await probe.step(state, [tokens[0]]), 0, first, 'The same step from the same start state');
  },

  'a later state may be stepped from repeatedly': async <S>(probe: Probe<S>) => {
    const [a, b, c] = probe.tokens;
    const { state } = await probe.readAll(a, b);
    const first = await probe.step(state, [c]);
    const other = await probe.step(state, [a]);
    await probe.step(other.state, [b]);
    probe.checkSameRow(await probe.step(state, [c]), 0, first, 'The same step from the same later state');
  },

  'a reordered state may be stepped from repeatedly': async <S>(probe: Probe<S>) => {
    const [a, b, c] = probe.tokens;
    const { state } = await probe.readAll(a, b);
    const three = probe.decoder.reorder(state, [0, 0, 0]);
    const first = await probe.step(three, [b, a, c]);
    const other = await probe.step(three, [c, c, c]);
    probe.decoder.reorder(other.state, [2, 0, 0]);
    probe.checkSameRow(await probe.step(three, [b, a, c]), 2, first, 'The same step from the same reordered state', 2);
  },
};

const rowChecks = {
  'reorder grows: copies of a row get the logits of that row': async <S>(probe: Probe<S>) => {
    const [a, b, c] = probe.tokens;
    const single = await probe.readAll(a, b, c);
    const { state } = await probe.readAll(a, b);
    const grown = await probe.step(probe.decoder.reorder(state, [0, 0, 0]), [c, c, c]);
    for (let row = 0; row < 3; row++) probe.checkSameRow(grown, row, single, `Row ${row} of three copies`);
  },

  'rows do not depend on each other': async <S>(probe: Probe<S>) => {
    const { decoder, image, tokens } = probe;
    const three = await probe.step(decoder.reorder(decoder.start(image), [0, 0, 0]), tokens);
    const [a, b, c] = tokens;
    const next = await probe.step(three.state, [b, c, a]);
    probe.checkSameRow(next, 0, await probe.readAll(a, b), 'Row 0 beside two others');
    probe.checkSameRow(next, 1, await probe.readAll(b, c), 'Row 1 beside two others');
    probe.checkSameRow(next, 2, await probe.readAll(c, a), 'Row 2 beside two others');
  },

  'reorder permutes rows': async <S>(probe: Probe<S>) => {
    const { decoder, image, tokens } = probe;
    const [a, b, c] = tokens;
    const three = await probe.step(decoder.reorder(decoder.start(image), [0, 0, 0]), tokens);
    const permuted = await probe.step(decoder.reorder(three.state, [2, 0, 1]), [a, b, c]);
    probe.checkSameRow(permuted, 0, await probe.readAll(c, a), 'Row 0, from row 2');
    probe.checkSameRow(permuted, 1, await probe.readAll(a, b), 'Row 1, from row 0');
    probe.checkSameRow(permuted, 2, await probe.readAll(b, c), 'Row 2, from row 1');
    const shifted = await probe.step(decoder.reorder(permuted.state, [0, 0, 1]), [b, c, b]);
    probe.checkSameRow(shifted, 0, await probe.readAll(c, a, b), 'Row 0, which stayed');
    probe.checkSameRow(shifted, 1, await probe.readAll(c, a, c), 'Row 1, from row 0');
    probe.checkSameRow(shifted, 2, await probe.readAll(a, b, b), 'Row 2, from row 1');
  },

  'reorder shrinks and repeats rows': async <S>(probe: Probe<S>) => {
    const { decoder, image, tokens } = probe;
    const [a, b, c] = tokens;
    const three = await probe.step(decoder.reorder(decoder.start(image), [0, 0, 0]), tokens);
    const one = await probe.step(decoder.reorder(three.state, [1]), [c]);
    check(one.logits.length === decoder.vocabularySize, `One row left, but ${one.logits.length} logits.`);
    probe.checkSameRow(one, 0, await probe.readAll(b, c), 'The only row left, from row 1');
    const again = await probe.step(decoder.reorder(decoder.start(image), [0, 0, 0]), tokens);
    const two = await probe.step(decoder.reorder(again.state, [2, 2]), [a, b]);
    probe.checkSameRow(two, 0, await probe.readAll(c, a), 'Row 0, from row 2');
    probe.checkSameRow(two, 1, await probe.readAll(c, b), 'Row 1, from row 2');
  },
};

const joinChecks = {
  'states of two pictures, if they can be joined at the start, give what each gives': async <S>(probe: Probe<S>) => {
    const { decoder, image, otherImage, tokens } = probe;
    const [a, b, c] = tokens;
    const joint = decoder.join?.([decoder.start(image), decoder.start(otherImage)]);
    if (joint === undefined) return;
    const { state } = await probe.step(joint, [a, b]);
    const next = await probe.step(decoder.reorder(state, [0, 0, 1, 1]), [b, c, c, a]);
    probe.checkSameRow(next, 0, await probe.readAll(a, b), 'Row 0 of the first picture');
    probe.checkSameRow(next, 1, await probe.readAll(a, c), 'Row 1 of the first picture');
    probe.checkSameRow(next, 2, await probe.readAllOf(otherImage, b, c), 'Row 0 of the other picture');
    probe.checkSameRow(next, 3, await probe.readAllOf(otherImage, b, a), 'Row 1 of the other picture');
  },

  'states of two pictures, if they can be joined, give what each gives, also when one leaves': async <S>(
    probe: Probe<S>,
  ) => {
    const { decoder, image, otherImage, tokens } = probe;
    const [a, b, c] = tokens;
    const first = await probe.step(decoder.reorder(decoder.start(image), [0, 0]), [a, b]);
    const second = await probe.step(decoder.reorder(decoder.start(otherImage), [0, 0]), [b, c]);
    const joint = decoder.join?.([first.state, second.state]);
    if (joint === undefined) return;
    const next = await probe.step(joint, [c, a, a, b]);
    probe.checkSameRow(next, 0, await probe.readAll(a, c), 'Row 0 of the first picture');
    probe.checkSameRow(next, 1, await probe.readAll(b, a), 'Row 1 of the first picture');
    probe.checkSameRow(next, 2, await probe.readAllOf(otherImage, b, a), 'Row 0 of the other picture');
    const left = await probe.step(decoder.reorder(next.state, [3, 2]), [a, b]);
    probe.checkSameRow(left, 0, await probe.readAllOf(otherImage, c, b, a), 'Row 1 of the picture that is left');
    probe.checkSameRow(left, 1, await probe.readAllOf(otherImage, b, a, b), 'Row 0 of the picture that is left');
    probe.checkSameRow(await probe.step(first.state, [c, a]), 0, await probe.readAll(a, c), 'A state that was joined');
  },
};

const prefixChecks = {
  'a prefix, if there is one, is read alone or with the first token': async <S>(probe: Probe<S>) => {
    const { decoder, image, tokens } = probe;
    if (!decoder.hasPrefix) return;
    const alone = await probe.readAll();
    check(alone.logits.length === decoder.vocabularySize, `${alone.logits.length} logits of the first token.`);
    const [a, b, c] = tokens;
    const next = await probe.step(alone.state, [a]);
    probe.checkSameRow(next, 0, await probe.readAll(a), 'The first token after the prefix');
    probe.checkSameRow(await probe.step(next.state, [b]), 0, await probe.readAll(a, b), 'The second token');
    const three = await probe.step(decoder.reorder(decoder.start(image), [0, 0, 0]), []);
    for (let row = 0; row < 3; row++) probe.checkSameRow(three, row, alone, `Row ${row} of three that read the prefix`);
    probe.checkSameRow(await probe.step(three.state, [a, b, c]), 2, await probe.readAll(c), 'Row 2 of three, one on');
  },
};

const callerChecks = {
  'the logits may be overwritten': async <S>(probe: Probe<S>) => {
    const [a, b, c] = probe.tokens;
    const before = await probe.readAll(a, b);
    const after = await probe.readAll(a, b, c);
    const { state } = await probe.decoder.step(probe.decoder.start(probe.image), [a]);
    const { logits, state: next } = await probe.decoder.step(state, [b]);
    logits.fill(NaN);
    probe.checkSameRow(await probe.step(state, [b]), 0, before, 'The same step after its logits were overwritten');
    probe.checkSameRow(await probe.step(next, [c]), 0, after, 'The next step after logits were overwritten');
  },

  'calls may overlap': async <S>(probe: Probe<S>) => {
    const [a, b, c] = probe.tokens;
    const orders = [
      [a, b, c],
      [b, c, a],
      [c, a, b],
      [a, b, c],
    ] as const;
    const alone: DecoderStep<S>[] = [];
    for (const order of orders) alone.push(await probe.readAll(...order));
    const together = await Promise.all(orders.map((order) => probe.readAll(...order)));
    together.forEach((step, index) => {
      probe.checkSameRow(step, 0, alone[index] as DecoderStep<S>, `Overlapping call ${index}`);
    });
  },
};
