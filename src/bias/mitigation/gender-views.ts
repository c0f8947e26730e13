import type { EncodedImage } from '../../core/index.js';
import { ContextReader, type EvidenceModel } from './group-evidence.js';
import type { ImageView } from './image-view.js';

/** Encodes a part of an image. */
export type EncodeView = (view: ImageView) => Promise<EncodedImage>;

/** The grid of image regions that a decoder's attention is over, row by row from the top left of the whole image. */
export interface AttentionGrid {
  readonly rows: number;
  readonly columns: number;
}

/** The middle, the upper middle, where heads are, and the middle close up. */
const PARTS: readonly ImageView[] = [
  { left: 0.1, top: 0.1, width: 0.8, height: 0.8 },
  { left: 0.1, top: 0, width: 0.8, height: 0.8 },
  { left: 0.2, top: 0.1, width: 0.6, height: 0.6 },
];

/** Sides of a close-up, as shares of the image's. */
const CLOSE_UP = 0.3;

/**
 * The views of an image that evidence is gathered from: the whole, three fixed parts, and a close-up of what the decoder looks at
 * for the word after "a".
 *
 * @param whole is the first of the result
 * @param grid without it, or if the decoder reports no attention, there is no close-up
 * @returns each with its own encoding
 * @internal
 */
export async function readViews(
  model: EvidenceModel,
  whole: ContextReader,
  encodeView: EncodeView,
  grid?: AttentionGrid,
): Promise<ContextReader[]> {
  const { attention } = await whole.read(model.tokenizer.encode('a'));
  const parts = grid && attention ? [...PARTS, closeUp(attention, grid)] : PARTS;
  const views = [whole];
  for (const part of parts) views.push(new ContextReader(model, await encodeView(part)));
  return views;
}

/**
 * A part of the image about the centre of attention.
 *
 * @param attention over the regions of the grid: `[rows × columns]`. Its squares are the weights, so that what little is everywhere does
 *   not draw the centre to the middle.
 */
function closeUp(attention: Float32Array, { rows, columns }: AttentionGrid): ImageView {
  let total = 0;
  let x = 0;
  let y = 0;
  attention.forEach((share, region) => {
    const weight = share * share;
    total += weight;
    x += (weight * ((region % columns) + 0.5)) / columns;
    y += (weight * (Math.floor(region / columns) + 0.5)) / rows;
  });
  const startOf = (centre: number): number => Math.min(Math.max(centre / total - CLOSE_UP / 2, 0), 1 - CLOSE_UP);
  return { left: startOf(x), top: startOf(y), width: CLOSE_UP, height: CLOSE_UP };
}
