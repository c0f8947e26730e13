import type { CaptionOptions } from '../captioner/index.js';
import { parseTexts, readCaptionParameters } from './caption-parameters.js';
import { RequestError } from './request-error.js';

/** What a request asks for. */
export interface CaptionRequest {
  /** The bytes of an image file, or the URL of one. */
  readonly image: Uint8Array | URL;
  readonly options: CaptionOptions;
  /** Whether the text is sent as it is generated. */
  readonly isStreamed: boolean;
}

/** What limits the reading of a request. */
export interface ReadLimits {
  readonly maxBodyBytes: number;
  readonly maxBeams: number;
  readonly allowUrls: boolean;
  /** Ends the wait for the body; its reason is thrown. */
  readonly signal: AbortSignal;
}

/** The body as a form, JSON, or an image itself. */
interface Body {
  readonly image: unknown;
  readonly url: unknown;
  readonly options: unknown;
}

/**
 * Reads `POST /caption`: a form with the file `image` (multipart), JSON with `image` (base64 or a data URL) or `url`, or the image itself.
 * Options are fields of the form, the member `options` of the JSON, or parameters of the URL.
 *
 * @throws RequestError, InvalidArgumentError, the abort reason
 */
export async function readRequest(request: Request, limits: ReadLimits): Promise<CaptionRequest> {
  const query = parseTexts(new URL(request.url).searchParams);
  const body = await readBody(request, limits);
  const options = readCaptionParameters({ ...query, ...(body.options as object | undefined) }, limits.maxBeams);
  const isStreamed = /\btext\/event-stream\b/i.test(request.headers.get('accept') ?? '');
  return { image: imageOf(body, limits.allowUrls), options, isStreamed };
}

function imageOf({ image, url }: Body, allowUrls: boolean): Uint8Array | URL {
  if ((image === undefined) === (url === undefined)) {
    throw invalid('Give one image: "image" (a file, base64 or a data URL) or "url".');
  }
  if (image instanceof Uint8Array) {
    if (image.length === 0) throw invalid('The image is empty.');
    return image;
  }
  if (url === undefined) return fromBase64(image);
  if (!allowUrls) {
    throw new RequestError(403, 'URLS_NOT_ALLOWED', 'This server fetches no images from URLs. Send the image itself.');
  }
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw invalid('url must be an http: or https: URL.');
  }
  return new URL(url);
}

async function readBody(request: Request, limits: ReadLimits): Promise<Body> {
  const type = (request.headers.get('content-type') ?? '').toLowerCase();
  const kind = type.split(';')[0]!.trim();
  const isForm = kind === 'multipart/form-data';
  if (!isForm && kind !== 'application/json' && kind !== 'application/octet-stream' && !kind.startsWith('image/')) {
    throw new RequestError(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `A body of ${kind === '' ? 'no Content-Type' : kind} is not read. Send multipart/form-data, application/json or image/*.`,
    );
  }
  const bytes = await readBytes(request, limits);
  if (isForm) return readForm(bytes, request.headers.get('content-type')!);
  if (kind !== 'application/json') return { image: bytes, url: undefined, options: undefined };
  return readJson(bytes);
}

async function readForm(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Body> {
  let form: FormData;
  try {
    form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch {
    throw invalid('The body is not a form as multipart/form-data has it.');
  }
  const texts: [string, string][] = [];
  let image: Uint8Array | undefined;
  let url: string | undefined;
  for (const [name, value] of form) {
    if (name === 'image' && typeof value !== 'string') image = new Uint8Array(await value.arrayBuffer());
    else if (typeof value !== 'string')
      throw invalid(`The file "${name}" is not expected; the field of the image is "image".`);
    else if (name === 'url') url = value;
    else texts.push([name, value]);
  }
  return { image, url, options: parseTexts(texts) };
}

function readJson(bytes: Uint8Array): Body {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid('The body is not JSON.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid('The body must be a JSON object.');
  const { image, url, options, ...others } = json as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`Unknown member "${unknown}". There are image, url and options.`);
  if (options !== undefined && (typeof options !== 'object' || options === null || Array.isArray(options))) {
    throw invalid('options must be an object.');
  }
  return { image, url, options };
}

/** @param text base64, or a data URL of it */
function fromBase64(text: unknown): Uint8Array {
  const data = typeof text === 'string' ? text.replace(/^data:[^,]*;base64,/i, '').replace(/\s+/g, '') : '';
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(data)) throw invalid('image must be base64, or a data URL of it.');
  return new Uint8Array(Buffer.from(data, 'base64'));
}

/** The whole body; more bytes than are allowed are not read. */
async function readBytes(request: Request, { maxBodyBytes, signal }: ReadLimits): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new RequestError(
    413,
    'BODY_TOO_LARGE',
    `The body has more than ${maxBodyBytes} bytes. Send a smaller image.`,
  );
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge;
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  const stop = (): void => void reader?.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      signal.throwIfAborted();
      if (done || value === undefined) break;
      length += value.length;
      if (length > maxBodyBytes) {
        stop();
        throw tooLarge;
      }
      pieces.push(value);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function invalid(message: string): RequestError {
  return new RequestError(400, 'INVALID_REQUEST', message);
}
