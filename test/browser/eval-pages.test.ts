import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseExamples } from '../../src/cli/eval/examples.js';
import type { JudgementFile } from '../../src/cli/eval/judgements.js';
import type { JudgePageData, ReportPageData } from '../../src/cli/eval/page/data.js';
import { biasMeasures } from '../../src/cli/eval/measure-bias.js';
import { pageHtml } from '../../src/cli/eval/pages.js';
import { evaluate, summariseJudgements } from '../../src/evaluation/index.js';
import { drawn, launchChromium, whyNoBrowser } from './chromium.js';

const script = (name: string) => readFile(new URL(`../../dist/cli/page/${name}.js`, import.meta.url), 'utf8');
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe.skipIf(whyNoBrowser !== undefined)('the pages of captioneer eval', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'captioneer-pages-'));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(
    html: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ page: Page; printed: string[] }> {
    const path = join(folder, 'page.html');
    await writeFile(path, html);
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const printed: string[] = [];
    page.on('console', (message) => printed.push(message.text()));
    page.on('pageerror', (error) => printed.push(String(error)));
    page.on('request', ({ url }) => {
      if (/^https?:/.test(String(url))) printed.push(`asked for ${String(url)}`);
    });
    await page.goto(pathToFileURL(path).href);
    await drawn(page);
    return { page, printed };
  }

  async function reportPage(): Promise<string> {
    const names = Array.from({ length: 70 }, (_, i) => `image-${i}.jpg`);
    const who = (i: number) => (i % 2 === 0 ? 'man' : 'woman');
    const references = new Map(
      names.map((name, i) => [
        name,
        ['runs', 'walks', 'stands'].map((verb) => `A ${who(i)} ${verb} in place ${i % 7}.`),
      ]),
    );
    const evidence = new Map(
      names.map((image, i) => {
        const captions = { male: 'A man runs.', female: 'A woman runs.', none: 'A person runs.' };
        const logOdds = (i % 2 === 0 ? 1 : -1) * (i % 9) + 1;
        return [image, { image, caption: `A ${who(i)} runs.`, genderEvidence: { logOdds, captions } }];
      }),
    );
    const report = await evaluate({
      systems: [
        {
          name: '<b>bold</b>',
          captions: new Map(names.map((name, i) => [name, `A ${who(i)} runs in place ${i % 7}.`])),
        },
        {
          name: 'other',
          captions: new Map(names.map((name) => [name, '</script><script>console.log("broken")</script>'])),
        },
      ],
      references,
      samples: 100,
      ...biasMeasures(new Map([['<b>bold</b>', evidence]]), { samples: 100, seed: 0 }),
    });
    const judged = summariseJudgements([{ image: names[0]!, verdicts: { other: 'wrong' }, preferred: null }], report);
    const data: ReportPageData = {
      report: { ...report, judgements: judged },
      thumbnails: { 'image-3.jpg': PIXEL },
      examples: [{ title: 'One', note: 'Some', images: [3], system: 0 }, ...chooseExamples(report)],
      attention: {
        '<b>bold</b>': {
          grid: { rows: 1, columns: 2, seen: { resize: 'squash', width: 8, height: 8 } },
          captions: {
            'image-3.jpg': {
              caption: 'A b',
              words: [
                ['A', 'AP8='],
                ['b', '/wA='],
              ],
            },
          },
        },
      },
    };
    return pageHtml('A & B', await script('report'), data);
  }

  it('shows tables, charts, examples and a search, and asks the network for nothing', async () => {
    const { page, printed } = await open(await reportPage());
    await page.waitForFunction(() => document.querySelectorAll('figure svg').length >= 7);
    expect(await page.title()).toBe('A & B');
    expect(await page.locator('h2').allTextContents()).toEqual([
      'Summary',
      'Human judgements',
      'Gender in captions',
      'Scores with intervals',
      'Scores of single images, length and vocabulary',
      'Examples',
      'All captions',
    ]);
    const gender = await page.locator('#gender').textContent();
    for (const part of [
      'k = 3',
      'fidelity, male',
      'amplification, undirected',
      'difference of',
      '<b>bold</b> − other',
    ]) {
      expect(gender).toContain(part.replace('difference of', 'outcome divergence'));
    }
    expect(gender).toContain('No curve of other');
    expect(await page.locator('#summary tbody th').allTextContents()).toEqual(['<b>bold</b>', 'other']);
    const [verdict, ...forWhom] = await page.locator('#summary li').allTextContents();
    expect(verdict).toMatch(/^<b>bold<\/b> is better than other \(\+/);
    expect(forWhom).toEqual([
      '<b>bold</b>: 0.0 % (0 of 35) for male images, 0.0 % (0 of 35) for female images; no difference between the groups is shown.',
      'other: 0 of 0 (too few for a rate) for male images, 0 of 0 (too few for a rate) for female images.',
    ]);
    expect(await page.locator('#summary').textContent()).toContain('Against other, <b>bold</b> is better by BLEU-1, ');
    const maps = page.locator('#examples details[open]').first().locator('.maps figure');
    expect(await maps.allTextContents()).toEqual(['A', 'b']);
    // The first word looks to the right: the left is dark, the right is not.
    const alphas = await maps
      .first()
      .locator('.shade')
      .evaluate((shade: HTMLImageElement) => {
        const context = Object.assign(document.createElement('canvas'), { width: 2, height: 1 }).getContext('2d')!;
        context.drawImage(shade, 0, 0);
        const { data } = context.getImageData(0, 0, 2, 1);
        return [data[3], data[7]];
      });
    expect(alphas).toEqual([204, 0]);
    await page.locator('input[type=search]').fill('image-33');
    expect(await page.locator('#captions article').count()).toBe(1);
    await page.locator('input[type=search]').fill('');
    expect(await page.locator('#captions article').count()).toBe(25);
    await page.getByRole('button', { name: 'next' }).click();
    expect(await page.locator('#captions [aria-live]').textContent()).toBe('70 of 70 images, page 2 of 3');
    expect(await page.content()).not.toMatch(/>NaN|undefined</);
    expect(printed).toEqual([]);
  });

  it('says why there are no figures of gender, and which groups are too small', async () => {
    const few = (i: number): string[] => (i < 3 ? ['A man runs.', 'A man walks.', 'He runs.'] : ['A dog.']);
    const page = async (references: ReadonlyMap<string, readonly string[]>) => {
      const captions = new Map([...references.keys()].map((name) => [name, 'A man runs.']));
      const bootstrap = { samples: 100, seed: 0 };
      const report = await evaluate({
        systems: [{ name: 'x', captions }],
        references,
        samples: 100,
        ...biasMeasures(new Map(), bootstrap),
      });
      const data: ReportPageData = { report, thumbnails: {}, examples: [], attention: {} };
      return (await open(pageHtml('x', await script('report'), data))).page.textContent('#gender');
    };
    const names = Array.from({ length: 40 }, (_, i) => `${i}.jpg`);
    expect(await page(new Map(names.map((name) => [name, ['A dog.']])))).toMatch(
      /No figures: none of the 40 images has a label/,
    );
    const text = await page(new Map(names.map((name, i) => [name, few(i)])));
    expect(text).toMatch(/Only 3 images are labelled male; no figures are given for fewer than 30/);
    expect(text).toMatch(/too few0 of 3/);
  });

  it.each([
    ['a phone', { viewport: { width: 360, height: 740 } }],
    ['a dark screen', { viewport: { width: 1200, height: 800 }, colorScheme: 'dark' as const }],
  ])('fits %s', async (name, options) => {
    const { page } = await open(await reportPage(), options);
    await page.waitForFunction(() => document.querySelectorAll('figure svg').length >= 7);
    const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
    expect(content).toBeLessThanOrEqual(width);
    if (name === 'a dark screen') {
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(22, 24, 28)');
    }
  });

  const judged: JudgePageData = {
    key: 'k',
    title: 'Two images',
    images: [
      { image: '1.jpg', source: PIXEL, captions: ['A dog.', 'A cat.'] },
      { image: '2.jpg', source: PIXEL, captions: ['The same.'] },
    ],
  };

  it('is judged by keys, keeps answers, and saves them', async () => {
    const { page, printed } = await open(pageHtml('judge', await script('judge'), judged));
    for (const key of ['1', '3', 'Backspace', '2', 'b']) await page.keyboard.press(key);
    const progress = (): Promise<string | null> => page.textContent('main');
    await expect.poll(progress).toMatch(/image 2 of 2 · 1 done/);
    await page.reload();
    await expect.poll(progress).toMatch(/image 2 of 2 · 1 done/);
    await drawn(page);
    await page.keyboard.press('w');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save 2 judgements' }).click(),
    ]);
    const saved = JSON.parse(await readFile(await download.path(), 'utf8')) as JudgementFile;
    expect(saved).toEqual({
      format: 'captioneer-judgements',
      version: 2,
      judgements: [
        {
          image: '1.jpg',
          verdicts: [
            { caption: 'A dog.', verdict: 'true' },
            { caption: 'A cat.', verdict: 'slip' },
          ],
          preferred: 'A cat.',
        },
        { image: '2.jpg', verdicts: [{ caption: 'The same.', verdict: 'wrong' }] },
      ],
    });
    expect(printed).toEqual([]);
  });
});
