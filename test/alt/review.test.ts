import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { PassThrough, Readable, Writable } from 'node:stream';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readQueue, writeQueue } from '../../src/alt/index.js';
import { type ReviewServer, startReview } from '../../src/cli/alt/review-server.js';
import { drawn, launchChromium, whyNoBrowser } from '../browser/chromium.js';
import { makeSite, runAlt } from './site.js';

const QUEUE = 'captioneer-alt.json';
let site: Awaited<ReturnType<typeof makeSite>>;

beforeEach(async () => {
  const html = '<h1>Harbour</h1><img src="a.jpg"><figure><img src="b.jpg"><figcaption>Quay</figcaption></figure>';
  site = await makeSite({ 'index.html': html, 'post.md': '![](c.jpg)\n\n![](gone.jpg)\n' }, [
    'a.jpg',
    'b.jpg',
    'c.jpg',
  ]);
  await runAlt(['write', '.', '-q']);
});
afterEach(() => site.remove());

const decisions = async () => (await readQueue(QUEUE)).items.map(({ decision }) => decision);
const proposal = async (item: number, rank: number): Promise<string> => {
  const { items, images } = await readQueue(QUEUE);
  return images[items[item]!.key!]!.proposals[rank]!.text;
};

async function serve(script = '// script'): Promise<ReviewServer> {
  return startReview({ queue: await readQueue(QUEUE), script, port: 0, save: (queue) => writeQueue(QUEUE, queue) });
}

/** A request with headers that `fetch` does not let a caller set. */
function ask(
  url: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the server of the page', () => {
  let server: ReviewServer;
  beforeEach(async () => {
    server = await serve();
  });
  afterEach(() => server.close());

  test('answers on 127.0.0.1, to its own Host, and to those who know the token', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    const { port } = new URL(server.url);
    expect((await ask(server.url)).status).toBe(200);
    expect((await ask(server.url.replace(/\/[\w-]{32}\//, '/'))).status).toBe(403);
    expect((await ask(server.url.replace(/[\w-]\/$/, '*/'))).status).toBe(403);
    expect((await ask(server.url, { host: `evil.example:${port}` })).status).toBe(403);
    expect((await ask(server.url, { origin: 'http://evil.example' })).status).toBe(403);
  });

  test('serves images of the queue and no other files', async () => {
    const [item] = JSON.parse((await ask(`${server.url}items`)).text);
    const response = await fetch(`${server.url}image/${item.id}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(readFileSync('a.jpg'))).toBe(true);
    for (const name of ['image/../captioneer-alt.json', 'image/x', 'a.jpg', '..%2Fa.jpg']) {
      expect((await ask(`${server.url}${name}`)).status).toBe(404);
    }
  });

  test('takes decisions in JSON only, and saves each', async () => {
    const [item] = JSON.parse((await ask(`${server.url}items`)).text);
    const json = { 'content-type': 'application/json' };
    const decide = (decision: unknown, headers: Record<string, string> = json) =>
      ask(`${server.url}decision`, headers, JSON.stringify({ id: item.id, decision }));
    expect((await decide({ action: 'skip' }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await decide({ action: 'accept', text: '' })).status).toBe(400);
    expect((await decide({ action: 'delete' })).status).toBe(400);
    expect((await ask(`${server.url}decision`, json, '{"id":"x"}')).status).toBe(404);
    expect((await ask(`${server.url}decision`, json, 'x'.repeat(200_000))).status).toBe(413);
    expect(await decisions()).toEqual([undefined, undefined, undefined, undefined]);
    expect((await decide({ action: 'edit', text: 'Mine.' })).status).toBe(204);
    expect(await decisions()).toEqual([{ action: 'edit', text: 'Mine.' }, undefined, undefined, undefined]);
    expect((await decide(undefined)).status).toBe(204);
    expect((await decisions())[0]).toBeUndefined();
  });
});

describe('in the terminal', () => {
  const review = (input: string) => runAlt(['review', '--terminal'], { stdin: Readable.from([Buffer.from(input)]) });

  test('one line decides on an image; those that are decided are not asked again', async () => {
    const { code, stdout } = await review('\nMy own text\n7\nd\nq\n');
    expect(code).toBe(0);
    expect(stdout).toContain('[1/4] index.html:1 a.jpg\n    heading: Harbour\n  1. A disc');
    expect(stdout).toContain('    caption: Quay\n');
    expect(stdout).toContain('There is no such proposal.');
    expect(await decisions()).toEqual([
      { action: 'accept', text: await proposal(0, 0) },
      { action: 'edit', text: 'My own text' },
      { action: 'decorative' },
      undefined,
    ]);
    const second = await review('s\n');
    expect(second.stdout).toMatch(/^1 to decide/);
    expect(second.stdout).toMatch(/Next: captioneer alt apply\n$/);
  });
});

describe('in the terminal, by single keys', () => {
  const isRaw: boolean[] = [];

  /** Each of `pressed` is sent once what was printed ends with the prompt. */
  async function review(...pressed: string[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => void isRaw.push(raw) });
    const left = [...pressed];
    let text = '';
    const stdout = Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          text += String(chunk);
          const next = text.endsWith('> ') ? left.shift() : undefined;
          if (next !== undefined) setImmediate(() => stdin.write(next));
          done();
        },
      }),
      { isTTY: true, columns: 80 },
    );
    const { code } = await runAlt(['review', '--terminal'], { stdin, stdout });
    return { code, text };
  }

  test('accept, edit, decorative, skip, undo and quit; the terminal is given back', async () => {
    const { code, text } = await review('!9\r', 'e\u0015My own ü\r', 'd', 'u', 's', '2q');
    expect(code).toBe(0);
    expect(text).toMatch(/^4 to decide\. Enter or 1–9: accept · e: edit/);
    expect(text).toContain('[1/4] index.html:1 a.jpg\n    heading: Harbour\n  1. A disc');
    expect(await decisions()).toEqual([
      { action: 'accept', text: await proposal(0, 0) },
      { action: 'edit', text: 'My own ü' },
      { action: 'skip' },
      undefined,
    ]);
    expect(isRaw.at(-1)).toBe(false);
    expect((await review('s')).text).toMatch(/Next: captioneer alt apply\n$/);
  });

  test('an edit that is given up decides nothing; Ctrl+C ends', async () => {
    const { code } = await review('eMine\u0003', '\u0003');
    expect(code).toBe(130);
    expect(await decisions()).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe.skipIf(whyNoBrowser !== undefined)('the page in Chromium', () => {
  let browser: Browser;
  let server: ReviewServer;
  let page: Page;
  const printed: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await serve(readFileSync(new URL('../../dist/cli/page/review.js', import.meta.url), 'utf8'));
    page = await browser.newPage();
    printed.length = 0;
    page.on('console', (message) => printed.push(message.text()));
    page.on('pageerror', (error) => printed.push(String(error)));
    await page.goto(server.url);
  });
  afterEach(async () => {
    await page.close();
    await server.close();
  });

  test('each image is decided by keyboard, and saved', async () => {
    const status = page.getByRole('status');
    await expect.poll(() => status.textContent()).toBe('Image 1 of 4; 4 left.');
    await expect.poll(() => page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(96);
    expect(await page.textContent('main')).toContain('Heading: Harbour');
    await drawn(page);
    await page.keyboard.press('2');
    await expect.poll(() => status.textContent()).toBe('Image 2 of 4; 3 left.');
    await page.keyboard.press('e');
    await page.locator('textarea').fill('The quay <b>at dusk</b>');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => status.textContent()).toBe('Image 3 of 4; 2 left.');
    await page.keyboard.press('d');
    await page.keyboard.press('u');
    await page.keyboard.press('d');
    await page.keyboard.press('s');
    await expect.poll(() => status.textContent()).toMatch(/all are decided/);
    const expected = [
      { action: 'accept', text: await proposal(0, 1) },
      { action: 'edit', text: 'The quay <b>at dusk</b>' },
      { action: 'decorative' },
      { action: 'skip' },
    ];
    await expect.poll(decisions).toEqual(expected);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('main')).toContain('Decided: The quay <b>at dusk</b>');
    // A page that is opened again has what was decided.
    await page.reload();
    await expect.poll(() => status.textContent()).toMatch(/all are decided/);
    expect(printed).toEqual([]);
  });

  test('it has no findings of axe', async () => {
    await page.getByRole('button', { name: 'Decorative' }).waitFor();
    const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as any).axe.run();
      return violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
    });
    expect(found).toEqual([]);
  });
});
