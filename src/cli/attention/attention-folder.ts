import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import { nodePlatform } from '../../adapters/node/node-platform.js';
import type { RawImage } from '../../core/index.js';
import type { CaptionOptions, CaptionResult, ImageSource } from '../../index.js';
import type { CommandCaptioner } from '../console/command-io.js';
import { OutputError } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import { attendedBoxes, drawMap, foundBoxes, scaled, type SeenGrid } from './draw-map.js';
import { drawSheet, type Panel } from './draw-sheet.js';

/** Pixels of the longer side of a word's file: that of the image, within these. */
const MIN_SIDE = 480;
const MAX_SIDE = 1024;
/** Of a part of a sheet. */
const PANEL_SIDE = 280;
/** More letters are cut from a name: file systems take 255 bytes. */
const MAX_NAME = 60;
const SHEET = 'sheet.png';
/** Files of words of an earlier run. */
const WORD_FILE = /^\d{2,3}-.*\.png$/;

/**
 * The folder of `--attention`: for each image a folder with a heat map for each word (`01-a.png`, `02-dog.png`) and one sheet with all
 * of them (`sheet.png`). A file is written whole or not at all; the words of an earlier run are removed.
 */
export class AttentionFolder {
  readonly #folder: string;
  readonly #grid: SeenGrid;
  readonly #platform = nodePlatform();
  /** The image of each name, in lower case: some file systems do not tell upper case from it. */
  readonly #names = new Map<string, string>();

  /** @throws UsageError if the model does not tell its attention */
  constructor(folder: string, { manifest }: CommandCaptioner) {
    const { regions, image } = manifest;
    if (regions === undefined) {
      throw new UsageError(
        '--attention: this model does not return attention over image regions. ' +
          'Give one that does with --model, such as default, vit-gpt2 or region-transformer',
      );
    }
    this.#folder = folder;
    this.#grid = { rows: regions.rows, columns: regions.columns, seen: image };
  }

  /** The pixels of an image, for the model and the drawing. @throws as `Captioner.caption` */
  async decode(source: ImageSource, options: CaptionOptions): Promise<RawImage> {
    const { background, maxPixels, timeoutMs, signal } = options;
    const given = Object.entries({ background, maxPixels, timeoutMs, signal }).filter(
      ([, value]) => value !== undefined,
    );
    return this.#platform.decodeImage(source, Object.fromEntries(given));
  }

  /**
   * Draws the attention of a caption.
   *
   * @param label of the image
   * @param result captioned with the option `attention`
   * @throws OutputError
   */
  async write(label: string, image: RawImage, result: CaptionResult): Promise<void> {
    const folder = join(this.#folder, this.#nameOf(label));
    const files = new Map<string, Buffer>();
    const large = await scaled(image, Math.min(MAX_SIDE, Math.max(MIN_SIDE, image.width, image.height)));
    const small = await scaled(image, PANEL_SIDE);
    const { regions = [] } = result;
    const panels: Panel[] = [
      {
        png: await drawMap(small, this.#grid, { boxes: foundBoxes(regions, image) }),
        label: regions.length > 0 ? 'regions' : 'image',
      },
    ];
    for (const [index, { text, attention, regionAttention }] of result.words.entries()) {
      if (attention === undefined) continue;
      const boxes = regionAttention ? attendedBoxes(regions, image, regionAttention) : [];
      const name = `${String(index + 1).padStart(2, '0')}-${plainName(text) || 'word'}.png`;
      files.set(name, await drawMap(large, this.#grid, { attention, boxes }));
      panels.push({ png: await drawMap(small, this.#grid, { attention, boxes }), label: text });
    }
    files.set(SHEET, await drawSheet(panels, small.width, small.height, result.text));
    await replaceFiles(folder, files);
  }

  /** A name for an image's folder that no other image of this run has. */
  #nameOf(label: string): string {
    const plain = plainName(label) || 'image';
    const owner = this.#names.get(plain.toLowerCase()) ?? label;
    if (owner !== label) return `${plain}-${createHash('sha256').update(label).digest('hex').slice(0, 16)}`;
    this.#names.set(plain.toLowerCase(), label);
    return plain;
  }
}

/** Letters, digits, `.`, `_` and `-` of a text; others become `-`. It does not begin or end with a dot. */
function plainName(text: string): string {
  const plain = text.normalize('NFC').replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-');
  return Array.from(plain)
    .slice(-MAX_NAME)
    .join('')
    .replace(/^[.-]+|[.-]+$/g, '');
}

async function replaceFiles(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, bytes] of files) await writeFileWhole(join(folder, name), bytes);
    for (const name of await readdir(folder)) {
      if (WORD_FILE.test(name) && !files.has(name)) await rm(join(folder, name), { force: true });
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new OutputError(`--attention: ${folder} cannot be written (${code ?? message})`, { cause });
  }
}
