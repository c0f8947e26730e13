import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { hubOfTest } from '../hub/hub-of-test.js';
import { compileErrors, extractExamples, removeExamples } from '../docs/doc-examples.js';
import { bundle, FOLDERS, POLICY, Site } from './site.js';
import { describeInBrowser } from './support.js';

const HUB = 'https://huggingface.co';
const examples = extractExamples('docs/guides', 'web');
/** Elements that the examples look for. */
const BODY = '<img src="/images/coffee.jpg" alt=""><input type="file"><script type="module" src="/page.js"></script>';

afterAll(() => removeExamples('web'));

test('there are examples for browsers, and they compile', () => {
  expect(examples.length).toBeGreaterThan(5);
  expect(compileErrors(examples)).toEqual([]);
});

describeInBrowser('the example runs in a page', ({ newContext, open }) => {
  let scripts: Promise<Record<string, Uint8Array>> | undefined;
  test.each(examples)('$name', async ({ module }) => {
    const hub = await hubOfTest(); // Last in, first out: it stops after the page has been closed.
    scripts ??= bundle(...examples.map((example) => example.module));
    const script = `/${basename(module).replace(/\.ts$/, '.js')}`;
    const site = await Site.start({
      files: {
        '/': BODY,
        '/photo.jpg': readFileSync(`${FOLDERS['/images/']}/cat.jpg`),
        ...(await bundle('test/browser/page.mjs')),
        ...(await scripts),
      },
      folders: { ...FOLDERS, '/assets/': FOLDERS['/runtime/'], '/': FOLDERS['/runtime/'] },
      headers: { 'content-security-policy': POLICY.replace("connect-src 'self'", `connect-src 'self' ${HUB}`) },
    });
    onTestFinished(() => site.stop());
    const context = await newContext();
    // The examples name no hub, so that they ask the real one, in whose place that on this machine answers.
    await context.route(`${HUB}/**`, async (route) => {
      const url = route.request().url().replace(HUB, hub.url);
      const response = await route.fetch({ url });
      const headers = response.headers();
      // Further pages of a listing are the hub's own, too.
      const link = headers.link?.replaceAll(hub.url, HUB);
      await route.fulfill({ response, headers: { ...headers, ...(link !== undefined && { link }) } });
    });
    const page = await open({ context, url: site.url });
    await page.evaluate(() => (console.log = () => undefined));
    await page.evaluate(`import('${script}').then(() => undefined)`); // as text: Vitest would make its own import of it
    // An example may start what it does not wait for. A page that loses its server meanwhile would report it.
    await page.waitForLoadState('networkidle');
  });
});
