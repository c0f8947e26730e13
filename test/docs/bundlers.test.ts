import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** Text without what indentation adds to it. */
const plain = (text: string) => text.replace(/^[ \t]+/gm, '').trim();

describe('the configuration that a guide shows is the one that npm run test:bundlers runs', () => {
  it.each([
    ['servers-and-bundlers', 'next/next.config.mjs'],
    ['servers-and-bundlers', 'next/app/api/caption/route.js'],
    ['servers-and-bundlers', 'webpack/webpack.config.js'],
    ['servers-and-bundlers', 'rollup/rollup.config.js'],
    ['servers-and-bundlers', 'electron/preload.cjs'],
    ['browser', 'extension/extension/manifest.json'],
    ['browser', 'extension/extension/background.js'],
    ['browser', 'extension/extension/offscreen.html'],
    ['browser', 'extension/offscreen.js'],
  ])('%s: %s', (guide, fixture) => {
    const lines = plain(read(`test/package/${fixture}`)).split('\n');
    expect(plain(read(`docs/guides/${guide}.md`))).toContain(
      lines.filter((line) => !line.includes('doctype')).join('\n'),
    );
  });

  it.each([
    ['servers-and-bundlers', 'esbuild/package.json', /"build": "(esbuild .*)"/],
    ['browser', 'extension/package.json', /"build": "(esbuild .*)"/],
    ['browser', 'parcel/package.json', /^ *("@parcel.*)$/m],
    ['browser', 'parcel/main.js', /^(import wasmUrl .*)$/m],
    ['browser', 'parcel/main.js', /(const captioner = .*)/],
    ['browser', 'import-map/index.html', /<script type="importmap">(.*?)<\/script>/s],
  ])('%s: a part of %s', (guide, fixture, part) => {
    const [, text] = part.exec(read(`test/package/${fixture}`)) ?? [];
    expect(plain(read(`docs/guides/${guide}.md`))).toContain(plain(text ?? 'no such part'));
  });
});
