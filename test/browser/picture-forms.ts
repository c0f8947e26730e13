type Bytes = Uint8Array<ArrayBuffer>;

/** Makes each form in which a page may have a picture, of the bytes of `alpha.png`. */
export const pictureForms = {
  'relative URL': () => 'pictures/alpha.png',
  URL: () => new URL('/pictures/alpha.png', location.href),
  'blob: URL': (bytes: Bytes) => URL.createObjectURL(new Blob([bytes])),
  'data: URL': (bytes: Bytes) => `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`,
  Uint8Array: (bytes: Bytes) => bytes,
  ArrayBuffer: (bytes: Bytes) => bytes.buffer,
  Blob: (bytes: Bytes) => new Blob([bytes]),
  File: (bytes: Bytes) => new File([bytes], 'alpha.png'),
  'web stream': (bytes: Bytes) => new Blob([bytes]).stream(),
  ImageBitmap: (bytes: Bytes) => createImageBitmap(new Blob([bytes]), { premultiplyAlpha: 'none' }),
  'image that is loading': () => Object.assign(new Image(), { src: '/pictures/alpha.png' }),
  canvas: async (bytes: Bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
    return canvas;
  },
  OffscreenCanvas: async (bytes: Bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
    return canvas;
  },
  ImageData: async (bytes: Bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  },
  VideoFrame: async (bytes: Bytes) => {
    const bitmap = await createImageBitmap(new Blob([bytes]), { premultiplyAlpha: 'none' });
    return new VideoFrame(bitmap, { timestamp: 0 });
  },
};

/** Names of the forms. */
export const PICTURE_FORMS = Object.keys(pictureForms) as (keyof typeof pictureForms)[];
