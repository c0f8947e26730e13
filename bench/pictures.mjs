import { join } from 'node:path';
import sharp from 'sharp';

/**
 * The two pictures that captions are timed on, as JPEG files: one of a web page's size, one of a phone's. Both are the
 * example picture enlarged, with noise, so that the file is as hard to decode as a photograph.
 */
export async function makePictures(source, folder) {
  const sizes = { 'web 640×480': [640, 480], 'phone 4032×3024': [4032, 3024] };
  const pictures = {};
  for (const [name, [width, height]] of Object.entries(sizes)) {
    const noise = await sharp({
      create: { width, height, channels: 3, background: 'gray', noise: { type: 'gaussian', mean: 128, sigma: 12 } },
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const path = join(folder, `${width}x${height}.jpg`);
    await sharp(source)
      .resize(width, height, { fit: 'cover' })
      .composite([{ input: noise, blend: 'soft-light' }])
      .jpeg({ quality: 90 })
      .toFile(path);
    pictures[name] = path;
  }
  return pictures;
}
