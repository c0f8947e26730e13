import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Linter } from 'eslint';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { build } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  AltTexts,
  astroAltText,
  eleventyAltText,
  eslintAltText,
  htmlWithAltTexts,
  rehypeAltText,
  remarkAltText,
  viteAltText,
} from '../../src/alt/plugins/index.js';
import { readQueue, withDecision, writeQueue } from '../../src/alt/index.js';
import { makeSite, runAlt } from './site.js';

let site: Awaited<ReturnType<typeof makeSite>>;

beforeEach(async () => {
  site = await makeSite(
    {
      'index.html': '<img src="a.jpg">\n<img src="b.jpg">\n',
      'post.md': '![](c.jpg)\n',
      'App.jsx': 'export const a = <img src="d.jpg" />;\n',
    },
    ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'],
  );
  await runAlt(['write', 'index.html', 'post.md', 'App.jsx', '-q']);
  let queue = await readQueue('captioneer-alt.json');
  for (const { id, src } of queue.items) {
    if (src !== 'b.jpg') queue = withDecision(queue, id, { action: 'edit', text: `A "${src}"` });
  }
  await writeQueue('captioneer-alt.json', queue);
});
afterEach(() => site.remove());

test('texts that a person decided on, and with minConfidence those that need no review', () => {
  expect(AltTexts.read().textFor('a.jpg')).toBe('A "a.jpg"');
  expect(AltTexts.read().textFor('a.jpg', `${site.folder}/index.html`)).toBe('A "a.jpg"');
  expect(AltTexts.read().textFor('b.jpg')).toBeUndefined();
  expect(AltTexts.read({ minConfidence: 0.8 }).textFor('b.jpg')).toMatch(/^A disc/);
  expect(AltTexts.read({ minConfidence: 0.9 }).textFor('b.jpg')).toBeUndefined();
  expect(AltTexts.read({ queue: 'none.json' }).textFor('a.jpg')).toBeUndefined();
});

test('rehype and remark', () => {
  const image = (src: string, properties = {}) => ({
    type: 'element',
    tagName: 'img',
    properties: { src, ...properties },
  });
  const tree = { type: 'root', children: [image('a.jpg'), image('a.jpg', { alt: '' }), image('b.jpg')] };
  rehypeAltText()(tree, { path: 'index.html' });
  expect(tree.children.map(({ properties }) => (properties as { alt?: string }).alt)).toEqual([
    'A "a.jpg"',
    '',
    undefined,
  ]);
  const markdown = fromMarkdown('![](c.jpg) ![mine](c.jpg)');
  remarkAltText()(markdown, { path: 'post.md' });
  expect(JSON.stringify(markdown)).toMatch(/"alt":"A \\"c\.jpg\\"".*"alt":"mine"/);
});

test('HTML stays as it is, but for the texts', async () => {
  const html = '\uFEFF<p>é</p>\r\n<img src="a.jpg">\r\n<img src="b.jpg">';
  expect(await htmlWithAltTexts(html, AltTexts.read())).toBe(
    html.replace('"a.jpg"', '"a.jpg" alt="A &quot;a.jpg&quot;"'),
  );
});

test('Eleventy changes the pages that it writes', async () => {
  const transforms: ((this: object, content: string) => Promise<string> | string)[] = [];
  eleventyAltText({ addTransform: (_name, transform) => void transforms.push(transform) });
  const page = { inputPath: './index.html', outputPath: '_site/index.html' };
  expect(await transforms[0]!.call({ page }, '<img src="a.jpg">')).toBe('<img src="a.jpg" alt="A &quot;a.jpg&quot;">');
  // What it makes of ![](c.jpg) in post.md; elsewhere an empty text is decoration.
  const post = { inputPath: './post.md', outputPath: '_site/post/index.html' };
  const html = '<p><img src="c.jpg" alt=""><img src="a.jpg" alt=""></p>';
  expect(await transforms[0]!.call({ page: post }, html)).toBe(
    '<p><img src="c.jpg" alt="A &quot;c.jpg&quot;"><img src="a.jpg" alt=""></p>',
  );
  expect(await transforms[0]!.call({ page }, html)).toBe(html);
  expect(await transforms[0]!.call({ page: { outputPath: 'feed.xml' } }, '<img src="a.jpg">')).toBe(
    '<img src="a.jpg">',
  );
});

test('Vite builds a page with its texts', async () => {
  await build({ root: site.folder, logLevel: 'silent', plugins: [viteAltText()], build: { assetsInlineLimit: 0 } });
  expect(readFileSync('dist/index.html', 'utf8')).toMatch(
    /<img src="\/assets\/a-[^"]+\.jpg" alt="A &quot;a\.jpg&quot;">/,
  );
});

test('ESLint reports an image without text, and --fix writes it', () => {
  const linter = new Linter();
  const config = [
    {
      files: ['**/*.jsx'],
      languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
      plugins: { captioneer: { rules: { 'alt-text': eslintAltText } } },
      rules: { 'captioneer/alt-text': 'error' },
    },
  ] as unknown as Linter.Config[];
  const code = 'export const a = <p><img src="d.jpg" /><img src="x.jpg" /><img src="d.jpg" alt="" /></p>;\n';
  const found = linter.verify(code, config, 'App.jsx');
  expect(found.map(({ ruleId, column }) => [ruleId, column])).toEqual([
    ['captioneer/alt-text', 21],
    ['captioneer/alt-text', 40],
  ]);
  expect(linter.verifyAndFix(code, config, 'App.jsx').output).toBe(
    code.replace('"d.jpg" />', '"d.jpg" alt={"A \\"d.jpg\\""} />'),
  );
});

test('Astro: pages that it has built, in folders too; all else stays as it is', async () => {
  const page =
    '<!DOCTYPE html><html lang="en"><body>\r\n<img src="a.jpg" width="3"><img src="a.jpg" alt=""></body></html>';
  const pages = {
    'dist/index.html': page,
    'dist/blog/monday/index.html': '<p>ä</p><img src="b.jpg"><img src="d.jpg">',
    'dist/feed.xml': '<img src="a.jpg">',
    'dist/about.html': '<img src="e.jpg">',
  };
  for (const [path, content] of Object.entries(pages)) site.write(path, Buffer.from(content));
  const told: string[] = [];
  const { hooks } = astroAltText();
  const dir = pathToFileURL(`${site.folder}/dist/`);
  await hooks['astro:build:done']({ dir, logger: { info: (message) => void told.push(message) } });
  expect(told).toEqual(['alternative texts in 2 pages']);
  expect(readFileSync('dist/index.html', 'utf8')).toBe(
    page.replace('src="a.jpg" width', 'src="a.jpg" alt="A &quot;a.jpg&quot;" width'),
  );
  expect(readFileSync('dist/blog/monday/index.html', 'utf8')).toBe(
    '<p>ä</p><img src="b.jpg"><img src="d.jpg" alt="A &quot;d.jpg&quot;">',
  );
  for (const path of ['dist/feed.xml', 'dist/about.html'] as const)
    expect(readFileSync(path, 'utf8')).toBe(pages[path]);
});
