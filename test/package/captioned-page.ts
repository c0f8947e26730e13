import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium, launchWithExtension } from '../browser/chromium.js';
import { POLICY, Site } from '../browser/site.js';

/**
 * What the `<output>` of a page comes to say, in Chromium.
 *
 * @param where its URL, or a folder with its `index.html`, which is served under the policy of the guide
 * @param button the selector of what is clicked first
 */
export async function captionedPage(where: string, button?: string): Promise<string> {
  const site = where.startsWith('http') ? undefined : await serve(where);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const printed: string[] = [];
    page.on('console', (message) => printed.push(message.text()));
    page.on('pageerror', (error) => printed.push(String(error)));
    await page.goto(site?.url ?? where);
    if (button !== undefined) await page.click(button);
    const text = page.locator('output:not(:empty)').textContent({ timeout: 120_000 });
    return (await text.catch((error: unknown) => Promise.reject(new Error([error, ...printed].join('\n'))))) ?? '';
  } finally {
    await browser.close();
    await site?.stop();
  }
}

/**
 * What an extension's function `captionOf` gives in its service worker, for its own `cat.jpg` and for that of a site.
 *
 * @param site a folder with the same image
 */
export async function captionByExtension(extension: string, site: string): Promise<string[]> {
  const server = await Site.start({ folders: { '/': site } });
  const profile = mkdtempSync(join(tmpdir(), 'captioneer-profile-'));
  const context = await launchWithExtension(extension, profile);
  try {
    const [worker = await context.waitForEvent('serviceworker')] = context.serviceWorkers();
    const captionOf = (image: string) => worker.evaluate<string>(`captionOf(${JSON.stringify(image)})`);
    const own = await captionOf('/cat.jpg');
    await worker.evaluate('offscreen = undefined'); // as after the service worker was idle
    return [own, await captionOf(`${server.url}cat.jpg`)];
  } finally {
    await context.close();
    await server.stop();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** An inline import map needs its hash in the policy. */
function serve(folder: string): Promise<Site> {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const [, map] = /<script[^>]*importmap[^>]*>(.*?)<\/script>/s.exec(html) ?? [];
  const hash = map && `'sha256-${createHash('sha256').update(map).digest('base64')}'`;
  return Site.start({
    files: { '/': html },
    folders: { '/': folder },
    headers: {
      'content-security-policy': hash ? POLICY.replace("script-src 'self'", `script-src 'self' ${hash}`) : POLICY,
    },
  });
}
