/** What a person can do about an error, in one or two sentences. */
export function errorText(error: unknown): string {
  const { code, status, message, name, cause } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const text = typeof message === 'string' ? message : String(error);
  if (name === 'QuotaExceededError' || (cause as { name?: unknown } | undefined)?.name === 'QuotaExceededError')
    return 'This browser has no room left for the model. Free some space and try again.';
  if (code === 'IMAGE_TOO_LARGE') return 'This image has too many pixels. Make it smaller and drop it again.';
  if (code === 'IMAGE_UNREADABLE') {
    return /hei[cf]/i.test(text)
      ? 'Browsers cannot read HEIC. Export the photo as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).'
      : 'This file cannot be read as an image. JPEG, PNG, WebP, GIF and AVIF work.';
  }
  if (code === 'FETCH_FAILED' && (status === 401 || status === 403 || status === 404)) {
    return 'There is no such model, or it is not public. Check the id: owner/name, as in the address of its page on huggingface.co.';
  }
  if (code === 'FETCH_FAILED') return 'The download stopped. Check the network, then try again.';
  if (code === 'MODEL_FILE') return `A file of the model is damaged or missing. Reload the page. (${text})`;
  return code === 'RUNTIME' ? (runtimeText(text) ?? text) : text;
}

/** What the library says of its runtime, for a person who cannot change the page. */
function runtimeText(message: string): string | undefined {
  if (message.includes('may not run WebAssembly')) {
    return 'This browser does not run WebAssembly, which the models need: it is turned off, or an extension blocks it. Turn it on, or use another browser.';
  }
  if (message.includes('has no SIMD')) {
    return 'This browser does not run WebAssembly with SIMD, which the models need. Update it, or use another one.';
  }
  if (message.includes('ONNX Runtime did not start')) {
    return 'The program that runs the models could not be loaded. Check the network, then try again.';
  }
  return undefined;
}
