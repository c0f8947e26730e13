import { CiderAccumulator, DocumentFrequencies, tokenize } from '../../metrics/index.js';
import type { SortedImage } from '../images.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { createNeutralRewriter } from '../mitigation/neutral-rewriter.js';

/** CIDEr-D of each image, 0 … 10, the groups' words made neutral on both sides. */
export interface NeutralQuality {
  /** Positions of the images that could be scored: those with at least two references. */
  readonly positions: readonly number[];
  /** The caption against all references, for each of `positions`. */
  readonly captions: Float64Array;
  /** People's own: the mean over references of one against the others, for each of `positions`. */
  readonly people: Float64Array;
}

/**
 * How good captions are apart from the groups that they name: CIDEr-D with the groups' words neutralised in captions and
 * references. Document frequencies are those of all references. CIDEr rewards a guessed group, this does not.
 *
 * @throws InvalidArgumentError for a lexicon that cannot rewrite
 */
export function neutralQuality<Group extends string>(
  images: readonly SortedImage<Group>[],
  lexicon: Lexicon<Group>,
): NeutralQuality {
  const rewrite = createNeutralRewriter(lexicon);
  const tokensOf = (text: string): string[] => tokenize(rewrite(text));
  const positions = images.flatMap(({ references }, position) => (references.length > 1 ? [position] : []));
  const references = positions.map((position) => images[position]!.references.map(tokensOf));
  const documentFrequencies = new DocumentFrequencies();
  for (const texts of references) documentFrequencies.add(texts);
  const captions = new CiderAccumulator({ documentFrequencies });
  const people = new CiderAccumulator({ documentFrequencies });
  positions.forEach((position, index) => {
    const texts = references[index]!;
    captions.add({ candidate: tokensOf(images[position]!.caption), references: texts });
    texts.forEach((candidate, own) => {
      people.add({ candidate, references: texts.filter((_, other) => other !== own) });
    });
  });
  if (positions.length === 0) return { positions, captions: new Float64Array(), people: new Float64Array() };
  return {
    positions,
    captions: captions.result().perImage,
    people: meanOfRuns(
      people.result().perImage,
      references.map(({ length }) => length),
    ),
  };
}

/** The mean of each run of values: `[lengths]`. */
function meanOfRuns(values: Float64Array, lengths: readonly number[]): Float64Array {
  let at = 0;
  return Float64Array.from(lengths, (length) => {
    const run = values.subarray(at, at + length);
    at += length;
    return run.reduce((sum, value) => sum + value, 0) / length;
  });
}
