import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Something to see: a sun over a meadow. */
const SCENE = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
  <rect width="320" height="150" fill="#7ec0ee"/>
  <rect y="150" width="320" height="90" fill="#4a9a3c"/>
  <circle cx="240" cy="60" r="32" fill="#ffd23f"/>
  <rect x="60" y="90" width="90" height="80" fill="#a0522d"/>
  <polygon points="50,90 160,90 105,45" fill="#7a1f1f"/>
</svg>`;

/**
 * Fills a folder with pictures and with what is none:
 *
 * - `good.jpg`, `good.png`, `album/one.webp`, `album/two.jpg`, `album/inner/three.png`;
 * - `empty.jpg` (0 bytes), `text.jpg`, `cut.jpg` (the first half of a JPEG), `album/.hidden.jpg`, `album/notes.txt`.
 */
export async function makePictures(folder: string): Promise<void> {
  mkdirSync(join(folder, 'album', 'inner'), { recursive: true });
  const scene = sharp(Buffer.from(SCENE));
  const files = [
    'good.jpg',
    'good.png',
    'album/one.webp',
    'album/two.jpg',
    'album/inner/three.png',
    'album/.hidden.jpg',
  ];
  for (const name of files) await scene.clone().toFile(join(folder, name));
  const jpeg = readFileSync(join(folder, 'good.jpg'));
  writeFileSync(join(folder, 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  writeFileSync(join(folder, 'empty.jpg'), '');
  writeFileSync(join(folder, 'text.jpg'), 'This is a text.\n');
  writeFileSync(join(folder, 'album', 'notes.txt'), 'So is this.\n');
}
