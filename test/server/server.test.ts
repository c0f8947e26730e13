import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createServer } from '../../src/server/index.js';
import { asServed, FakeCaptioner, imageRequest } from './fake-captioner.js';

const IMAGE = { 'content-type': 'image/jpeg' };
const post = (body: BodyInit, type?: string): Request =>
  new Request('http://localhost/caption', { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) });

function setUp(options = {}) {
  const captioner = new FakeCaptioner();
  return { captioner, server: createServer(asServed(captioner), { hasProcessMetrics: false, ...options }) };
}

describe('POST /caption', () => {
  it('takes an image as the body, in a form, in JSON as base64 and as a data URL', async () => {
    const { server } = setUp();
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array([7])]), 'a.jpg');
    const requests = [
      imageRequest([7]),
      post(form),
      post(JSON.stringify({ image: 'Bw==' }), 'application/json'),
      post(JSON.stringify({ image: 'data:image/png;base64,Bw==' }), 'application/json'),
    ];
    for (const request of requests) {
      const response = await server.fetch(request);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ model: 'fake', text: '7', timing: { totalMs: 4 } });
    }
  });

  it('takes options from the URL, the form and the JSON', async () => {
    const { captioner, server } = setUp();
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array([7])]));
    form.append('numBeams', '3');
    form.append('bannedWords', 'cat');
    form.append('bannedWords', 'dog');
    await server.fetch(imageRequest([7], '?numBeams=3&prefix=a%20photo'));
    await server.fetch(post(form));
    await server.fetch(post(JSON.stringify({ image: 'Bw==', options: { lengthPenalty: 0.5 } }), 'application/json'));
    expect(captioner.options.map(({ signal: _, ...others }) => others)).toEqual([
      { numBeams: 3, prefix: 'a photo' },
      { numBeams: 3, bannedWords: ['cat', 'dog'] },
      { lengthPenalty: 0.5 },
    ]);
  });

  it.each([
    ['an unknown option', imageRequest([1], '?numBeam=3'), 400, /Did you mean numBeams/],
    ['an option that is no number', imageRequest([1], '?numBeams=x'), 400, /numBeams must be an integer/],
    ['more beams than are allowed', imageRequest([1], '?numBeams=9'), 400, /at most 8/],
    ['no image', post('{}', 'application/json'), 400, /Give one image/],
    ['two images', post('{"image":"Bw==","url":"http://a/"}', 'application/json'), 400, /Give one image/],
    ['an empty body', imageRequest([]), 400, /empty/],
    ['what is not base64', post('{"image":"?"}', 'application/json'), 400, /base64/],
    ['what is not JSON', post('{', 'application/json'), 400, /not JSON/],
    ['an unknown member', post('{"img":"Bw=="}', 'application/json'), 400, /Unknown member "img"/],
    ['a form that is cut', post('--x', 'multipart/form-data; boundary=x'), 400, /not a form/],
    ['a body of another type', post('a', 'text/plain'), 415, /text\/plain/],
    ['a URL', post('{"url":"http://a/"}', 'application/json'), 403, /fetches no images/],
    ['a body that is too large', imageRequest(Array<number>(65).fill(1)), 413, /more than 64 bytes/],
    ['GET', new Request('http://localhost/caption'), 405, /POST/],
    ['another path', new Request('http://localhost/nowhere'), 404, /\/caption/],
  ])('refuses %s', async (_name, request, status, message) => {
    const { captioner, server } = setUp({ maxBodyBytes: 64 });
    const response = await server.fetch(request);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect(error.message).toMatch(message);
    expect(error.code).toMatch(/^[A-Z_]+$/);
    expect(captioner.batches).toEqual([]);
  });

  it('stops reading a body without a length when it is too large', async () => {
    const { server } = setUp({ maxBodyBytes: 100 });
    let numPieces = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        numPieces += 1;
        controller.enqueue(new Uint8Array(60));
      },
    });
    const request = new Request('http://localhost/caption', {
      method: 'POST',
      body: endless,
      headers: { 'content-type': 'image/png' },
      duplex: 'half',
    } as RequestInit);
    expect((await server.fetch(request)).status).toBe(413);
    expect(numPieces).toBeLessThan(5);
  });

  it('gives URLs to the captioner only if that is allowed, and only of http and https', async () => {
    const { server } = setUp({ allowUrls: true });
    const ask = (url: string) => server.fetch(post(JSON.stringify({ url }), 'application/json'));
    expect(await (await ask('https://example.org/a.jpg')).json()).toMatchObject({ text: 'https://example.org/a.jpg' });
    for (const url of ['file:///etc/passwd', 'data:image/png;base64,AA==', '/etc/passwd']) {
      expect((await ask(url)).status).toBe(400);
    }
  });

  it('sends the text as it is generated if server-sent events are accepted', async () => {
    const { server } = setUp();
    const response = await server.fetch(imageRequest([7], '', { headers: { accept: 'text/event-stream' } }));
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await response.text()).trim().split('\n\n');
    expect(events.slice(0, 2)).toEqual(['event: piece\ndata: {"text":"a "}', 'event: piece\ndata: {"text":"7"}']);
    expect(events[2]).toMatch(/^event: result\ndata: \{"model":"fake","text":"7"/);
  });

  it('does not tell what is not the fault of the request, but to the one who runs the server', async () => {
    const errors: unknown[] = [];
    const { captioner, server } = setUp({ onError: (error: unknown) => errors.push(error) });
    captioner.caption = () => Promise.reject(new Error('/secret/path is gone'));
    const response = await server.fetch(imageRequest([7]));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(errors).toEqual([new Error('/secret/path is gone')]);
  });
});

describe('load', () => {
  it('answers 503 with Retry-After beyond maxRequests, without reading the body', async () => {
    const { captioner, server } = setUp({ maxRequests: 2 });
    captioner.hold();
    const taken = [server.fetch(imageRequest([1])), server.fetch(imageRequest([2]))];
    const refused = imageRequest([3]);
    const response = await server.fetch(refused);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.bodyUsed).toBe(false);
    captioner.release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await server.fetch(imageRequest([4]))).status).toBe(200);
  });

  it('captions what waits together, if the options are the same; each gets its own text', async () => {
    const { captioner, server } = setUp({ maxBatch: 3 });
    captioner.hold();
    const requests = [1, 2, 3, 4, 5, 6].map((byte) => imageRequest([byte], byte === 5 ? '?numBeams=2' : ''));
    const answers = requests.map(
      async (request) => ((await (await server.fetch(request)).json()) as { text: string }).text,
    );
    await expect.poll(() => metric(server, 'captioneer_waiting')).toBe(5);
    captioner.release();
    expect(await Promise.all(answers)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(captioner.batches).toEqual([1, 3, 1, 1]);
  });

  it('answers 504 after requestTimeoutMs, and the captioner is told', async () => {
    const { captioner, server } = setUp({ requestTimeoutMs: 300 });
    captioner.hold();
    const response = await server.fetch(imageRequest([1]));
    expect(response.status).toBe(504);
    expect(captioner.options[0]!.signal!.aborted).toBe(true);
    captioner.release();
    expect((await server.fetch(imageRequest([2]))).status).toBe(200);
  });

  it('a client that goes away leaves its place', async () => {
    const { captioner, server } = setUp({ maxRequests: 1 });
    captioner.hold();
    const gone = new AbortController();
    const answer = server.fetch(imageRequest([1], '', { signal: gone.signal }));
    await expect.poll(() => captioner.batches).toEqual([1]);
    gone.abort();
    await answer;
    captioner.release();
    expect((await server.fetch(imageRequest([2]))).status).toBe(200);
  });
});

describe('the other routes', () => {
  it('describe the server', async () => {
    const { server } = setUp();
    const get = async (path: string) => server.fetch(new Request(`http://localhost${path}`));
    expect(await (await get('/healthz')).text()).toBe('ok\n');
    expect((await get('/readyz')).status).toBe(200);
    expect(await (await get('/models')).json()).toMatchObject({
      models: [{ name: 'fake', workers: 1, license: 'MIT' }],
    });
    const page = await get('/');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(await page.text()).toContain('<input type="file"');
    await server.fetch(imageRequest([1]));
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('captioneer_http_requests_total{route="/caption",status="200"} 1');
    expect(metrics).toMatch(/captioneer_stage_duration_seconds_count\{stage="encode"\} 1/);
  });

  it('the OpenAPI description has every route and every option', async () => {
    const { server } = setUp();
    const api = (await (await server.fetch(new Request('http://localhost/openapi.json'))).json()) as {
      paths: Record<string, { post?: { parameters: { name: string }[] } }>;
    };
    for (const path of ['/models', '/healthz', '/readyz', '/metrics']) {
      expect(api.paths).toHaveProperty([path]);
      expect((await server.fetch(new Request(`http://localhost${path}`))).status).toBe(200);
    }
    const names = api.paths['/caption']!.post!.parameters.map(({ name }) => name);
    expect(names).toContain('numBeams');
    expect(names).toContain('bannedWords');
  });

  it('after close nothing is ready and no request is taken, and what was taken is answered', async () => {
    const { captioner, server } = setUp();
    captioner.hold();
    const taken = server.fetch(imageRequest([1]));
    await expect.poll(() => captioner.batches).toEqual([1]);
    let isClosed = false;
    const closed = server.close().then(() => (isClosed = true));
    expect((await server.fetch(new Request('http://localhost/readyz'))).status).toBe(503);
    const refused = await server.fetch(imageRequest([2]));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('connection')).toBe('close');
    expect(isClosed).toBe(false);
    captioner.release();
    expect((await taken).status).toBe(200);
    await closed;
  });

  it('refuses options that are not there, and no captioner', () => {
    expect(() => createServer(asServed(new FakeCaptioner()), { maxRequest: 1 } as never)).toThrow(
      /Did you mean maxRequests/,
    );
    expect(() => createServer([])).toThrow(/at least one/);
  });
});

async function metric(server: ReturnType<typeof createServer>, name: string): Promise<number> {
  const text = await (await server.fetch(new Request('http://localhost/metrics'))).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

describe('a full server on a port', () => {
  it('refuses before the body is sent, counts it, and keeps the connection for the next try', async () => {
    const { captioner, server } = setUp({ maxRequests: 1 });
    const url = await server.listen();
    captioner.hold();
    const first = fetch(`${url}/caption`, { method: 'POST', body: new Uint8Array([7]), headers: IMAGE });
    await expect.poll(() => captioner.batches).toEqual([1]);

    const refused = await fetch(`${url}/caption?numBeams=2`, {
      method: 'POST',
      body: new Uint8Array(100_000),
      headers: IMAGE,
    });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('connection')).toBe('keep-alive');
    expect(await refused.json()).toMatchObject({ error: { code: 'OVERLOADED' } });

    const asking = request(`${url}/caption`, {
      method: 'POST',
      headers: { ...IMAGE, expect: '100-continue', 'content-length': 5 },
    });
    asking.on('continue', () => expect.unreachable('The body is asked for.'));
    asking.flushHeaders();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect([answer.statusCode, answer.headers.connection]).toEqual([503, 'close']);
    asking.destroy();

    captioner.release();
    expect((await first).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('captioneer_http_requests_total{route="/caption",status="503"} 2');
    const patient = request(`${url}/caption`, {
      method: 'POST',
      headers: { ...IMAGE, expect: '100-continue', 'content-length': 1 },
    });
    patient.on('continue', () => patient.end(new Uint8Array([7])));
    patient.flushHeaders();
    const [taken] = (await once(patient, 'response')) as [IncomingMessage];
    expect(taken.statusCode).toBe(200);
    taken.resume();
    await server.close();
  });
});
