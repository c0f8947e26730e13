import { existsSync, readdirSync, readFileSync, statSync, chmodSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AltQueue, readQueue, withDecision, writeQueue } from '../../src/alt/index.js';
import { ImageUnreadableError, InvalidArgumentError, QueueFileError } from '../../src/core/index.js';
import { describedJpeg } from '../metadata/described-images.js';
import { sentence } from '../cli/fake-io.js';
import { captionOf, makeSite, runAlt } from './site.js';

const QUEUE = 'captioneer-alt.json';
const FILES = {
  'site/index.html':
    '<h1>Harbour</h1><figure><img src="img/a.jpg"><figcaption>At night</figcaption></figure>\r\n' +
    '<a href="b.html"><img src="/img/b.jpg"></a><img src="img/a.jpg" alt=""><img src="https://example.com/x.png">',
  'site/post.md': '# Post\n\n![](img/a.jpg)\n\n![](img/gone.jpg)\n\n![{{ x }}]({{ y }})\n',
};

let site: Awaited<ReturnType<typeof makeSite>>;
beforeEach(async () => {
  site = await makeSite(FILES, ['site/img/a.jpg', 'site/img/b.jpg']);
});
afterEach(() => site.remove());

const write = (options = {}) => runAlt(['write', 'site', '--root', 'site', '-q'], options);

describe('captioneer alt write', () => {
  test('writes what lacks text, with context, proposals and reasons, and changes no source file', async () => {
    const { code, stdout, stderr, calls } = await write();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^5 images without alternative text in 2 files; 2 captioned in this run\.\n/);
    expect(calls.captioned.map(({ options }) => options)).toEqual(
      Array(2).fill(expect.objectContaining({ numBeams: 4, numCaptions: 3 })),
    );
    const { items, images } = await readQueue(QUEUE);
    expect(items.map(({ src, line, reasons, context }) => ({ src, line, reasons, context }))).toEqual([
      { src: 'img/a.jpg', line: 1, reasons: [], context: { heading: 'Harbour', figcaption: 'At night' } },
      { src: '/img/b.jpg', line: 2, reasons: ['link'], context: { heading: 'Harbour', linkText: '' } },
      { src: 'https://example.com/x.png', line: 2, reasons: ['remote-image'], context: { heading: 'Harbour' } },
      { src: 'img/a.jpg', line: 3, reasons: [], context: { heading: 'Post' } },
      { src: 'img/gone.jpg', line: 5, reasons: ['image-not-found'], context: { heading: 'Post' } },
    ]);
    const [first, second, third] = items;
    expect(first).toMatchObject({ syntax: 'html', image: 'site/img/a.jpg', needsReview: false, key: items[3]!.key });
    expect([second!.needsReview, third!.needsReview, third!.key]).toEqual([true, true, undefined]);
    expect(Object.values(images)).toHaveLength(2);
    expect(images[first!.key!]!.proposals).toEqual([
      { text: expect.stringMatching(/^A disc \d+ on a plain ground\.$/), confidence: 0.8, score: -1, logProb: -2 },
      expect.anything(),
      expect.anything(),
    ]);
    for (const [path, content] of Object.entries(FILES)) expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('proposes first what the image file says of its image, and lets a person look at it', async () => {
    site.write('site/img/a.jpg', await describedJpeg({ exif: 'The harbour of Kiel,\nat night' }));
    await write();
    const queue = await readQueue(QUEUE);
    const item = queue.items[0]!;
    expect(item).toMatchObject({ needsReview: true, reasons: ['existing-text'] });
    expect(queue.images[item.key!]!.proposals[0]).toEqual({
      text: 'The harbour of Kiel, at night',
      existing: 'EXIF ImageDescription',
    });
    expect(queue.images[item.key!]!.proposals).toHaveLength(4);
    await runAlt(['apply', '--min-confidence', '0']);
    expect(readFileSync('site/index.html', 'utf8')).not.toContain('Kiel');
  });

  test('--read-text adds what the model reads in an image, and lets a person look at it', async () => {
    let count = 0;
    const texts = ['EXIT', ''];
    const readText = async () => ({ ...sentence('x'), text: texts[count++]! });
    const { code, calls } = await runAlt(['write', 'site', '--root', 'site', '-q', '--read-text'], { readText });
    expect({ code, count, captioned: calls.captioned.length }).toEqual({ code: 0, count: 2, captioned: 2 });
    const { items, images } = await readQueue(QUEUE);
    const [read, without] = [items[0]!, items[1]!].map(({ key }) => images[key!]!);
    expect(read!.proposals[0]!.text).toMatch(/^A disc \d+ on a plain ground\. Text: 'EXIT'\.$/);
    expect(read!.reasons).toEqual(['text-in-image']);
    expect(without!.proposals[0]!.text).toMatch(/^A disc \d+ on a plain ground\.$/);
    expect(without!.reasons).toEqual([]);
    // Without the option the same images are captioned again.
    expect((await write()).calls.captioned).toHaveLength(2);
  });

  test('--read-text with a model that cannot read is a usage error', async () => {
    const error = new InvalidArgumentError('model', 'default cannot read the text in an image.');
    const argv = ['write', 'site', '--root', 'site', '-q', '--read-text'];
    const { code, stderr } = await runAlt(argv, { readText: () => Promise.reject(error) });
    expect(code).toBe(2);
    expect(stderr).toContain('--model: default cannot read the text in an image.');
  });

  test('a second run captions nothing and loads no model; other options or another image caption again', async () => {
    await write();
    const before = readFileSync(QUEUE, 'utf8');
    const { calls } = await write();
    expect(calls).toMatchObject({ loaded: [], captioned: [] });
    expect(readFileSync(QUEUE, 'utf8')).toBe(before);
    const other = await runAlt(['write', 'site', '--root', 'site', '-q', '--num-beams', '2', '--num-captions', '2']);
    expect(other.calls.captioned).toHaveLength(2);
    site.write('site/img/a.jpg', readFileSync('site/img/b.jpg'));
    site.write('site/img/b.jpg', Buffer.concat([readFileSync('site/img/b.jpg'), Buffer.alloc(1)]));
    expect((await write()).calls.captioned).toHaveLength(1);
  });

  test('a run that is interrupted keeps what it has, and the next one goes on', async () => {
    const interruption = new AbortController();
    let count = 0;
    const first = await write({
      signal: interruption.signal,
      caption: (...args: Parameters<typeof captionOf>) => {
        if (++count === 2) interruption.abort();
        interruption.signal.throwIfAborted();
        return captionOf(...args);
      },
    });
    expect(first.code).toBe(130);
    expect(Object.keys((await readQueue(QUEUE)).images)).toHaveLength(1);
    expect((await write()).calls.captioned).toHaveLength(1);
    expect(readdirSync('.').filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('an image that cannot be read is told in the queue, and the others continue', async () => {
    let count = 0;
    const { code } = await write({
      caption: (...args: Parameters<typeof captionOf>) => {
        if (++count === 1) throw new ImageUnreadableError('a.jpg', 'a.jpg: the image is cut short.');
        return captionOf(...args);
      },
    });
    expect(code).toBe(0);
    const { items, images } = await readQueue(QUEUE);
    expect(Object.keys(images)).toHaveLength(1);
    expect(items[0]).toMatchObject({
      reasons: ['unreadable-image'],
      problem: expect.stringContaining('cut short'),
      needsReview: true,
    });
  });

  test('decisions are kept, unless the image is another one', async () => {
    await write();
    await decide('img/a.jpg', { action: 'edit', text: 'The harbour.' });
    await decide('/img/b.jpg', { action: 'decorative' });
    site.write('site/index.html', `<p>New</p>\n${FILES['site/index.html']}`);
    site.write('site/img/b.jpg', Buffer.concat([readFileSync('site/img/b.jpg'), Buffer.alloc(1)]));
    await write();
    const { items } = await readQueue(QUEUE);
    const decided = items.filter(({ file }) => file.endsWith('html')).map(({ src, decision }) => [src, decision]);
    expect(decided.slice(0, 2)).toEqual([
      ['img/a.jpg', { action: 'edit', text: 'The harbour.' }],
      ['/img/b.jpg', undefined],
    ]);
  });
});

describe('captioneer alt apply', () => {
  test('writes decisions by bytes, and keeps what is left', async () => {
    await write();
    chmodSync('site/index.html', 0o640);
    await decide('img/a.jpg', { action: 'accept', text: 'A "harbour" at night.' });
    const { code, stderr } = await runAlt(['apply']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'captioneer: 2 texts in 2 files written. 3 images left without a decision.\n',
    });
    expect(readFileSync('site/index.html', 'utf8')).toBe(
      FILES['site/index.html'].replace('"img/a.jpg">', '"img/a.jpg" alt="A &quot;harbour&quot; at night.">'),
    );
    expect(readFileSync('site/post.md', 'utf8')).toBe(
      FILES['site/post.md'].replace('![](img/a', '![A "harbour" at night.](img/a'),
    );
    expect(statSync('site/index.html').mode & 0o777).toBe(0o640);
    // The places that are left are those of the file as it is now.
    await decide('/img/b.jpg', { action: 'decorative' });
    expect((await runAlt(['apply'])).code).toBe(0);
    expect(readFileSync('site/index.html', 'utf8')).toContain('<img src="/img/b.jpg" alt="">');
    expect((await readQueue(QUEUE)).items.map(({ src }) => src)).toEqual(['https://example.com/x.png', 'img/gone.jpg']);
  });

  test('--dry-run prints a patch and changes nothing', async () => {
    await write();
    await decide('img/a.jpg', { action: 'accept', text: 'The harbour.' });
    const before = readFileSync(QUEUE, 'utf8');
    const { code, stdout, stderr } = await runAlt(['apply', '--dry-run']);
    expect(code).toBe(0);
    expect(stderr).toBe('captioneer: 2 texts in 2 files would be written.\n');
    expect(stdout).toContain('--- a/site/post.md\n+++ b/site/post.md\n@@');
    expect(stdout).toContain('\n-![](img/a.jpg)\n+![The harbour.](img/a.jpg)\n');
    expect(readFileSync('site/post.md', 'utf8')).toBe(FILES['site/post.md']);
    expect(readFileSync(QUEUE, 'utf8')).toBe(before);
  });

  test('--min-confidence writes what nobody needs to look at', async () => {
    await write();
    expect((await runAlt(['apply', '--min-confidence', '0.9'])).stderr).toMatch(/^captioneer: 0 texts/);
    await runAlt(['apply', '--min-confidence', '0.8']);
    const html = readFileSync('site/index.html', 'utf8');
    expect(html).toMatch(/img\/a\.jpg" alt="A disc \d+ on a plain ground\."/);
    // The one in a link needs review.
    expect(html).toContain('<img src="/img/b.jpg">');
  });

  test('a file that changed since is refused, the others are written; skip leaves an image alone', async () => {
    await write();
    await decide('img/a.jpg', { action: 'accept', text: 'The harbour.' });
    await decide('/img/b.jpg', { action: 'skip' });
    site.write('site/index.html', `${FILES['site/index.html']}\n`);
    const { code, stderr } = await runAlt(['apply']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^captioneer: site\/index\.html: it has changed since\. Run "captioneer alt write" again/);
    expect(readFileSync('site/index.html', 'utf8')).toBe(`${FILES['site/index.html']}\n`);
    expect(readFileSync('site/post.md', 'utf8')).toContain('![The harbour.]');
    await write();
    expect((await runAlt(['apply'])).code).toBe(0);
    expect(readFileSync('site/index.html', 'utf8')).toContain('<img src="/img/b.jpg">');
  });
});

describe('queue files', () => {
  test.each<[string, string | object, RegExp]>([
    ['no JSON', '{', /it is not JSON/],
    ['a list', [], /not a queue of alternative texts: it is not an object/],
    ['another version', { version: 2 }, /version must be 1, not 2/],
    [
      'a decision of its own',
      {
        version: 1,
        images: {},
        items: [
          {
            id: 'a',
            file: 'b',
            fileSha256: '',
            syntax: 'html',
            tag: 'img',
            reasons: [],
            context: {},
            place: { start: 1, end: 1, notation: 'html' },
            decision: { action: 'edit', text: ' ' },
          },
        ],
      },
      /items\[0\]\.decision/,
    ],
    [
      'a place outside',
      {
        version: 1,
        images: {},
        items: [
          {
            id: 'a',
            file: 'b',
            fileSha256: '',
            syntax: 'html',
            tag: 'img',
            reasons: [],
            context: {},
            place: { start: 5, end: 1 },
          },
        ],
      },
      /items\[0\]\.place must have start and end/,
    ],
    ['images without proposals', { version: 1, items: [], images: { x: {} } }, /images\["x"\]\.proposals/],
  ])('%s is refused', async (_what, content, message) => {
    writeFileSync(QUEUE, typeof content === 'string' ? content : JSON.stringify(content));
    const error: unknown = await readQueue(QUEUE).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(QueueFileError);
    expect((error as Error).message).toMatch(message);
    expect((await runAlt(['apply'])).code).toBe(1);
  });

  test('one that is not there', async () => {
    expect((await runAlt(['apply'])).stderr).toMatch(/captioneer-alt\.json: there is no such file\. Make it with/);
    expect(existsSync(QUEUE)).toBe(false);
  });
});

/** Decides on every item with a source. */
async function decide(src: string, decision: Parameters<typeof withDecision>[2]): Promise<void> {
  let queue: AltQueue = await readQueue(QUEUE);
  for (const item of queue.items) if (item.src === src) queue = withDecision(queue, item.id, decision);
  await writeQueue(QUEUE, queue);
}
