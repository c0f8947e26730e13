import axe, { type AxeResults } from 'axe-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { heatRange } from './heat-range.js';
import { sampleReport } from './sample-report.js';
import { Captioner } from '../../src/index.js';
import { caption, choose, describeDemo, drop, example, NO_SERVICE_WORKER } from './support.js';

/** Where screenshots are written for people to look at. */
const SHOTS = process.env.DEMO_SCREENSHOTS ?? join(tmpdir(), 'captioneer-demo-screenshots');
mkdirSync(SHOTS, { recursive: true });

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SHOTS, `${name}.jpg`), type: 'jpeg', quality: 82, animations: 'disabled' });
}

/** What axe-core objects to, with the elements. It runs by evaluation, which a policy does not touch. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(async () =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

function jsonFile(name: string, value: object): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(value)) };
}

/** What the default model says in Node, with one beam. */
async function greedyCaption(name: string): Promise<string> {
  await using captioner = await Captioner.load();
  return (await captioner.caption(example(name), { numBeams: 1 })).text;
}

describeDemo('the demo', ({ open, site }) => {
  test('captions an image that is dropped, shows where the model looked, and asks no other host', async () => {
    const requests: string[] = [];
    const printed: string[] = [];
    const page = await open({}, async (opened) => {
      opened.context().on('request', (request) => requests.push(request.url()));
      opened.on('console', (message) => printed.push(message.text()));
      opened.on('pageerror', (error) => printed.push(String(error)));
    });
    await page.waitForSelector('.examples');
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'light');
    await drop(page, 'examples/cat.jpg');
    expect(await caption(page)).toMatch(/\bcat\b.*\.$/i);
    expect(await page.textContent('[role=status]')).toMatch(/\bcat\b/);
    await page.hover('.word:nth-child(2)');
    await page.waitForSelector('[data-testid=heat-map].shown');
    expect(await page.evaluate(heatRange)).toBeGreaterThan(50);
    expect(await violations(page)).toEqual([]);
    await page.waitForTimeout(300);
    await shoot(page, 'heat-map');
    await page.click('text=Show alternatives');
    await page.waitForSelector('.alternatives');
    expect(await page.locator('.alternatives label').count()).toBe(5);
    expect(requests.filter((url) => !url.startsWith(site().url) && !/^(blob|data):/.test(url))).toEqual([]);
    expect(printed).toEqual([]);
  });

  test('compares the architectures on the same image', async () => {
    const page = await open();
    await choose(page, example('coffee.jpg'));
    await caption(page);
    await page.click('text=Compare architectures');
    await page.waitForFunction(() => document.querySelectorAll('.card.done').length === 5);
    const captions = await page.locator('.card .caption').allTextContents();
    for (const text of captions) expect(text.trim()).toMatch(/^[A-Z].*\.$/);
    expect(await page.locator('.card .facts').allTextContents()).toEqual(
      captions.map(() => expect.stringMatching(/^[\d.]+ m?s · confidence \d+ of 100 · [\d.]+ MB$/)),
    );
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 1080 });
    await shoot(page, 'comparison');
  });

  test('a word draws the boxes of the things that the model looked at for it', async () => {
    const page = await open();
    await page.selectOption('.model select', 'region-transformer');
    await choose(page, example('cat.jpg'));
    await caption(page);
    const stage = (await page.locator('.stage').boundingBox())!;
    const cat = page.locator('.word', { hasText: /^cat$/ });
    expect(await cat.getAttribute('aria-label')).toBe('cat: the model looked at cat');
    await cat.hover();
    await page.waitForSelector('[data-testid=heat-map].shown');
    const boxes = page.locator('.stage .box');
    expect(await boxes.first().innerText()).toMatch(/^cat \d+ %$/);
    expect(await boxes.count()).toBeLessThanOrEqual(3);
    // The cat fills the image, and its box is where it is.
    const box = (await boxes.first().boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(stage.x - 1);
    expect(box.x + box.width).toBeLessThanOrEqual(stage.x + stage.width + 1);
    expect(box.width).toBeGreaterThan(0.7 * stage.width);
    expect(box.height).toBeGreaterThan(0.7 * stage.height);
    await page.waitForTimeout(300);
    await shoot(page, 'boxes');
    await page.mouse.move(0, 0);
    await boxes.first().waitFor({ state: 'detached' });
  });

  test('the page itself takes less than 100 kB of JavaScript before models', async () => {
    const before = site().asked.length;
    // Without what the service worker fetches for later.
    const page = await open(NO_SERVICE_WORKER);
    await page.waitForSelector('text=Ready in');
    const asked = site().asked.slice(before);
    const model = asked.findIndex((path) => path.endsWith('.onnx'));
    // The runtime's script comes with its WebAssembly.
    const own = asked.slice(0, model).filter((path) => path.endsWith('.js') && !path.includes('/ort.'));
    expect(own.length).toBeGreaterThanOrEqual(2); // the page and its worker
    const bytes = own.reduce((sum, path) => sum + gzipSync(readFileSync(join(site().folder, path))).byteLength, 0);
    expect(bytes).toBeLessThan(100_000);
  });

  test('opens the report of an evaluation, with the photographs of a folder, and says what is wrong with another file', async () => {
    const printed: string[] = [];
    const page = await open({}, async (opened) => {
      opened.on('console', (message) => printed.push(message.text()));
      opened.on('pageerror', (error) => printed.push(String(error)));
    });
    await page.setInputFiles('[data-testid=report-file]', jsonFile('package.json', { name: 'captioneer' }));
    await page.waitForSelector('text=package.json is not a report of captioneer eval. Open its report.json');
    await page.setInputFiles('[data-testid=report-file]', jsonFile('report.json', await sampleReport()));
    await page.waitForSelector('.report #summary');
    // Tables with intervals, errors with counts, examples, charts under the page's strict policy.
    expect(await page.innerText('#summary tbody tr:nth-child(2)')).toMatch(/^wrong\s+0\.9\d+\s+0\.9\d+ – [01]\.\d+/);
    expect(await page.innerText('#gender table')).toMatch(
      /wrong\s+female\s+35\s+20\.0 %\s+[\d.]+ % – [\d.]+ %; 7 of 35/,
    );
    expect(await page.locator('#examples h3').allTextContents()).toContain('Worst captions of wrong');
    await page.waitForSelector('#charts svg');
    expect(await page.locator('.report img').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    // Search, then the photographs.
    await page.fill('#captions input[type=search]', 'coffee.jpg');
    expect(await page.innerText('#captions .controls')).toContain('1 of 72 images');
    await drop(page, 'examples/cat.jpg', 'examples/coffee.jpg', 'examples/rocket.jpg');
    await page.waitForSelector('text=2 of 3 images are in this report.');
    await page.fill('#captions input[type=search]', 'coffee.jpg');
    await page.waitForSelector('#captions img');
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('#captions img')!.naturalWidth > 0);
    await page.evaluate(() => {
      scrollTo(0, 0);
    });
    await shoot(page, 'report');
    await page.click('text=Close the report');
    await page.waitForSelector('.examples');
    expect(printed).toEqual([]);
  });

  test('works in dark colours and on a phone', async () => {
    const page = await open({ colorScheme: 'dark' });
    await choose(page, example('temple.jpg'));
    await caption(page);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'dark');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'phone');
  });

  test('can be used by the keyboard alone', async () => {
    const page = await open();
    await page.waitForSelector('.examples button');
    await tabTo(page, 'img[alt="Example: cat"]', true);
    await page.keyboard.press('Enter');
    await caption(page);
    // The example is gone; the focus is beside the caption, and not at the top of the page.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('One model');
    await tabTo(page, '.word');
    const shown: (string | null)[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) {
      await page.keyboard.press(key);
      shown.push(await page.locator('.word[aria-pressed=true]').textContent());
    }
    const words = await page.locator('.word').allTextContents();
    expect(shown).toEqual([words[1], words[2], words[1]]);
    expect(await page.locator('[data-testid=heat-map].shown').count()).toBe(1);
    await tabTo(page, '.alt-text textarea');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('My cat.');
    expect(await page.inputValue('.alt-text textarea')).toBe('My cat.');
    await tabTo(page, '.more summary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.more form');
  });

  test('each setting under "More" has its effect', async () => {
    const page = await open();
    await choose(page, example('coffee.jpg'));
    const byDefault = await caption(page);
    await page.click('.more summary');
    const again = async (settings: Readonly<Record<string, string>>): Promise<string> => {
      for (const label of ['Beams', 'Maximum length (tokens)', 'Temperature', 'Random seed']) {
        const field = page.getByLabel(label, { exact: true });
        // Beams have no effect on sampling and cannot be set meanwhile: they come last.
        if (await field.isEnabled()) await field.fill(settings[label] ?? '');
      }
      await page.click('.more button[type=submit]');
      await page.waitForSelector('.caption:not(.waiting)');
      return caption(page);
    };
    const words = (text: string): number => text.split(' ').length;

    const short = await again({ 'Maximum length (tokens)': '3' });
    expect(words(short)).toBeLessThan(words(byDefault));
    expect(await again({ Beams: '1' })).toBe(await greedyCaption('coffee.jpg'));
    const drawn = await again({ Temperature: '2', 'Random seed': '7' });
    expect(await page.getByLabel('Beams').isDisabled()).toBe(true);
    expect(await again({ Temperature: '2', 'Random seed': '7' })).toBe(drawn);
    const others = [await again({ Temperature: '2', 'Random seed': '8' }), await again({ 'Random seed': '7' })];
    for (const other of others) expect(other).not.toBe(drawn);
    expect(await again({})).toBe(byDefault);

    // The settings are those of the next visit, too.
    await page.getByLabel('Maximum length (tokens)').fill('3');
    await page.reload();
    await choose(page, example('coffee.jpg'));
    expect(await caption(page)).toBe(short);
  });

  test('words that name a gender are left out on request, and the alternative text keeps its length', async () => {
    const page = await open();
    await choose(page, example('astronaut.jpg'));
    await caption(page);
    await page.click('.more summary');
    const captions: string[] = [];
    for (const gender of ['as-is', 'neutral']) {
      await page.selectOption('.more select', gender);
      await page.click('.more button[type=submit]');
      await page.waitForSelector('.caption:not(.waiting)');
      captions.push(await caption(page));
    }
    expect(captions[0]).toMatch(/\b(man|woman|boy|girl|he|she|his|her)\b/i);
    expect(captions[1]).not.toMatch(/\b(man|woman|boy|girl|he|she|his|her)\b/i);
    await page.getByLabel('Maximum characters').fill('20');
    await page.getByLabel('Maximum characters').blur();
    await page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('.alt-text textarea')!.value.length <= 20,
    );
  });

  test('nothing moves for visitors who want less motion', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    await choose(page, example('cat.jpg'));
    await page.waitForSelector('.result');
    const durations = await page.evaluate(() => {
      // Also the cursor, which blinks while a caption is generated.
      document.querySelector('.panel')!.append(Object.assign(document.createElement('span'), { className: 'cursor' }));
      return [...document.querySelectorAll('*')].flatMap((element) => {
        const { animationName, transitionDuration, transitionProperty } = getComputedStyle(element);
        const isMoving = animationName !== 'none' || (transitionDuration !== '0s' && transitionProperty !== 'none');
        return isMoving ? [`${element.className}: ${animationName}, ${transitionDuration}`] : [];
      });
    });
    expect(durations).toEqual([]);
  });

  test('the page stays smooth while a model captions', async () => {
    const page = await open();
    await choose(page, example('cat.jpg'));
    await caption(page);
    // Another process may take the processor for a while, and the tasks that it interrupts are long; a page that computes itself does
    // nothing else each time.
    let busyShare = 1;
    for (let attempt = 0; attempt < 5 && busyShare > 0.4; attempt++) {
      await page.click('summary');
      busyShare = await page.evaluate(async () => {
        let busyMs = 0;
        const observer = new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) busyMs += duration;
        });
        observer.observe({ type: 'longtask' });
        const start = performance.now();
        document.querySelector<HTMLButtonElement>('.more button[type=submit]')!.click();
        await new Promise((resolve) => setTimeout(resolve, 50));
        while (!document.querySelector('.timing')) await new Promise((resolve) => setTimeout(resolve, 20));
        observer.disconnect();
        return busyMs / (performance.now() - start);
      });
      await page.click('summary');
    }
    expect(busyShare).toBeLessThanOrEqual(0.4);
  });

  test('works without a network after the first visit', async () => {
    const page = await open();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await choose(page, example('cat.jpg'));
    const online = await caption(page);
    // With a network the browser's own cache has the runtime, and its compiled code.
    const answer = page.waitForResponse(/\.wasm$/);
    await page.reload();
    expect((await answer).fromServiceWorker()).toBe(false);
    await page.waitForSelector('text=Ready in');
    await site().stop();
    try {
      await page.reload();
      await choose(page, example('cat.jpg'));
      expect(await caption(page)).toBe(online);
    } finally {
      await site().restart();
    }
  });
});

/** Presses Tab until an element, or the one around it, has the focus. */
async function tabTo(page: Page, selector: string, isInside = false): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const isThere = await page.evaluate(
      ([wanted, inside]) => {
        const { activeElement } = document;
        return inside ? activeElement?.querySelector(`:scope > ${wanted}`) != null : !!activeElement?.matches(wanted);
      },
      [selector, isInside] as const,
    );
    if (isThere) return;
  }
  throw new Error(`Tab does not lead to ${selector}.`);
}
