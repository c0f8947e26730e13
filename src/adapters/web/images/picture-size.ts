import { imageSize } from 'image-size';

/** Width and height in pixels that a picture file's header states, not turned upright; undefined where they were not found. */
export function pictureSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  try {
    return imageSize(bytes);
  } catch {
    return undefined; // A kind that it does not know, or damage: the decoder has the last word.
  }
}
