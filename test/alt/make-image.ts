import sharp from 'sharp';

/** A small image of one colour with a disc of another, as JPEG or PNG: the same bytes for the same arguments. */
export async function makeImage(hue: number, format: 'jpeg' | 'png' = 'jpeg'): Promise<Buffer> {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="72">
    <rect width="96" height="72" fill="hsl(${hue}, 60%, 70%)"/><circle cx="48" cy="36" r="20" fill="hsl(${hue + 150}, 70%, 40%)"/>
  </svg>`;
  return sharp(Buffer.from(drawing))[format]().toBuffer();
}
