import type { ImageSpec } from '../../../core/index.js';

/** A part of an image, in shares of its width and height; it may reach beyond the image. */
export interface ImageWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How a model brings images to its input size. */
export type ResizeSpec = Pick<
  ImageSpec,
  'resize' | 'width' | 'height' | 'shortestEdge' | 'squashedWidth' | 'squashedHeight'
>;

/**
 * The part of an image that a model sees, which its grid of regions covers.
 *
 * @param imageWidth of the image, or of a copy with the same aspect ratio
 */
export function seenWindow(spec: ResizeSpec, imageWidth: number, imageHeight: number): ImageWindow {
  const { width, height } = spec;
  const [resizedWidth, resizedHeight] = resizedSize(spec, imageWidth, imageHeight);
  const share = { width: width / resizedWidth, height: height / resizedHeight };
  return { left: (1 - share.width) / 2, top: (1 - share.height) / 2, ...share };
}

/** The size of the whole image after the resize, before it is cropped or padded. */
function resizedSize(spec: ResizeSpec, imageWidth: number, imageHeight: number): readonly [number, number] {
  const { width, height, resize, shortestEdge = Math.max(width, height) } = spec;
  switch (resize) {
    case 'squash':
      return [width, height];
    case 'squash-crop':
      return [spec.squashedWidth ?? width, spec.squashedHeight ?? height];
    case 'shortest-edge-crop': {
      const scale = shortestEdge / Math.min(imageWidth, imageHeight);
      return [imageWidth * scale, imageHeight * scale];
    }
    case 'pad': {
      const scale = Math.min(width / imageWidth, height / imageHeight);
      return [imageWidth * scale, imageHeight * scale];
    }
  }
}
