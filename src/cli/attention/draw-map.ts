import type { OverlayOptions } from 'sharp';
import { loadSharp } from '../../adapters/node/images/load-sharp.js';
import { heatColour, heatMap } from '../../captioner/heat-map.js';
import type { CaptionRegion } from '../../captioner/index.js';
import type { RawImage } from '../../core/index.js';
import { escapeXml } from '../../text/escape-xml.js';
import { type ResizeSpec, seenWindow } from '../eval/page/seen-window.js';

/** Boxes with a smaller share of a word's attention are not drawn. */
const MIN_SHARE = 0.05;
/** More boxes than this hide the image. */
const MAX_FOUND = 6;

/** The grid of a model's regions, and the part of an image that it covers. */
export interface SeenGrid {
  readonly rows: number;
  readonly columns: number;
  readonly seen: ResizeSpec;
}

/** A box, in shares of the image's width and height, with what is written at it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** How bright it is, 0 … 1. */
  readonly strength: number;
}

/** What is drawn over an image. */
export interface Overlay {
  /** Row by row from the top left. */
  readonly attention?: Float32Array;
  readonly boxes: readonly Box[];
}

/** What a detector is surest of: each with how sure it is. */
export function foundBoxes(regions: readonly CaptionRegion[], image: RawImage): Box[] {
  return regions.slice(0, MAX_FOUND).map((region) => box(region, image, region.score, 1));
}

/** The boxes that a word looked at, each with its share of the attention. */
export function attendedBoxes(regions: readonly CaptionRegion[], image: RawImage, shares: Float32Array): Box[] {
  const highest = shares.reduce((most, share) => Math.max(most, share), 0);
  return regions.flatMap((region, index) => {
    const share = shares[index] ?? 0;
    return share < MIN_SHARE ? [] : [box(region, image, share, share / highest)];
  });
}

function box({ box: { x, y, width, height }, label }: CaptionRegion, image: RawImage, share: number, strength: number) {
  return {
    left: x / image.width,
    top: y / image.height,
    width: width / image.width,
    height: height / image.height,
    label: `${label} ${Math.round(100 * share)} %`,
    strength,
  };
}

/** A copy of an image whose longer side has a number of pixels. */
export async function scaled(image: RawImage, side: number): Promise<RawImage> {
  const sharp = await loadSharp();
  const { width, height } = image;
  const raw = { width, height, channels: 3 } as const;
  const scale = side / Math.max(width, height);
  const { data, info } = await sharp(image.data, { raw })
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** An image with a heat map and boxes over it, as PNG. */
export async function drawMap(image: RawImage, grid: SeenGrid, { attention, boxes }: Overlay): Promise<Buffer> {
  const sharp = await loadSharp();
  const { width, height } = image;
  const layers = [
    ...(attention ? [await heatLayer(image, grid, attention)] : []),
    ...(boxes.length > 0 ? [{ input: Buffer.from(boxesSvg(boxes, width, height)) }] : []),
  ];
  return sharp(image.data, { raw: { width, height, channels: 3 } })
    .composite(layers)
    .removeAlpha()
    .png()
    .toBuffer();
}

/** The heat map at its place: what the model sees may be a part of the image, or reach beyond it. */
async function heatLayer(image: RawImage, grid: SeenGrid, attention: Float32Array): Promise<OverlayOptions> {
  const sharp = await loadSharp();
  const window = seenWindow(grid.seen, image.width, image.height);
  const left = Math.round(window.left * image.width);
  const top = Math.round(window.top * image.height);
  const width = Math.max(1, Math.round(window.width * image.width));
  const height = Math.max(1, Math.round(window.height * image.height));
  const { data, ...size } = heatMap(attention, grid);
  const part = {
    left: Math.max(0, -left),
    top: Math.max(0, -top),
    width: Math.min(image.width, left + width) - Math.max(0, left),
    height: Math.min(image.height, top + height) - Math.max(0, top),
  };
  // Two passes: within one, sharp cuts before it enlarges.
  const whole = await sharp(data, { raw: { ...size, channels: 4 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const input = await sharp(whole, { raw: { width, height, channels: 4 } })
    .extract(part)
    .png()
    .toBuffer();
  return { input, left: Math.max(0, left), top: Math.max(0, top) };
}

function boxesSvg(boxes: readonly Box[], width: number, height: number): string {
  const line = Math.max(2, Math.round(Math.max(width, height) / 200));
  const font = Math.max(11, Math.round(Math.max(width, height) / 45));
  // The strongest last, on top.
  const drawn = [...boxes].sort((one, other) => one.strength - other.strength);
  const shapes = drawn.map((given) => {
    const x = given.left * width;
    const y = given.top * height;
    const size = `width="${given.width * width}" height="${given.height * height}"`;
    const colour = `rgb(${heatColour(0.45 + 0.55 * given.strength)
      .map(Math.round)
      .join(' ')})`;
    const rect = (stroke: string, strokeWidth: number): string =>
      `<rect x="${x}" y="${y}" ${size} fill="none" stroke="${stroke}" stroke-width="${strokeWidth}"/>`;
    const baseline = y > 1.3 * font ? y - 0.3 * font : y + 1.1 * font;
    const text =
      `<text x="${Math.max(0, x) + line}" y="${baseline}" font-family="sans-serif" font-size="${font}" fill="${colour}" ` +
      `stroke="black" stroke-width="${font / 5}" paint-order="stroke">${escapeXml(given.label)}</text>`;
    return rect('black', 2 * line) + rect(colour, line) + text;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}
