/*
 * Property tests of what reads and edits the sources of a site: whatever a file holds, its images have places within it, or it ends in a
 * typed error; an edit changes the bytes of its places alone. The long form:
 *
 *     FULL=1 npx vitest run test/fuzz
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editFile, findImages, lintTexts, type SourceImage, type Syntax } from '../../src/alt/index.js';
import { encodeText } from '../../src/alt/edit/encode-text.js';
import { damaged, damages, isTyped, LONGEST_MS, runs } from './damage.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../alt/fixtures/example-site/src/${name}`, import.meta.url), 'utf8');

/** Real sources of each syntax, with text that is not ASCII, code, comments and images in uncommon places. */
const SOURCES: Readonly<Record<Syntax, readonly string[]>> = {
  html: [
    fixture('index.html'),
    '\uFEFF<!doctype html><main><h1>Ü</h1>\r\n<figure><img src="a.png"><figcaption>é 👩‍🚀</figcaption></figure><!-- <img> --><a href=x><img src=b.png alt></a><script>"<img>"</script><table><tr><img src=c.png><td>{{ x }}</table></main>',
  ],
  nunjucks: [
    '{% for i in items %}<img src="{{ i.src | url("x") }}" class=\'{{ c }}\'>{% endfor %}{# <img> #}{% raw %}<img src=a>{% endraw %}<img {% if x %}src="ü.png"{% endif %}>',
  ],
  markdown: [
    fixture('posts/monday.md'),
    '---\ntitle: Ü\n---\n# Ü\n\n![](a.png) and [![](b.png "t")](x)\n\n> ![ ](c.png)\n> <img src="q.png">\n\n```\n![](no.png)\n```\n\n- <div>\n\t<img src="d.png">\n  </div>\n\n| a |\n|--|\n| ![](e.png) |\n\n![][r] {{ x }}\n\n[r]: ü.png "t"\n',
  ],
  mdx: [
    'import A from "a"\n\n# Ü\n\n![](a.png)\n\n<A>\n  <img src="b.png" />\n</A>\n\n{list.map((x) => <img src={x} />)}\n\n> <A b={<Image src="ä.png" />}>*x*</A>\n',
  ],
  jsx: [
    fixture('components/card.jsx'),
    'import a from "./a.png";\nexport const A = () => <><h2>Ü</h2><img src={a}/>{ok && <Image src="ä.png" width={3} />}<a><img {...p}/></a></>;\n// <img>\n',
  ],
  vue: [
    '<script setup>const x = "<img>";</script>\n<template><p>ü {{ a > b }}</p><img :src="`a${x}`"/><ul><li v-for="i in l"><NuxtImg src="a.png" v-bind="p"></li></ul></template>\n<style>a{}</style>',
  ],
  svelte: [
    '<script>let x = "<img>";</script>{#if a > "}"}<img src={x}/>{:else}<img {src} class="{a}ü">{/if}<img {...p}><style>a{b:c}</style>',
  ],
  astro: [
    '---\nimport hero from "./ü.png";\nconst x = "<img>";\n---\n<ul>{list.map((x) => (<li>It\'s <img src={`a${x}`} /></li>))}</ul><Image src={hero} {...p}/><Image src={hero}/>',
  ],
};

/** What means something in one syntax or another. */
const TOKENS =
  '< > </ /> " \' ` { } {{ }} {% %} {# #} ${ ( ) [ ] ![ ]( \\ = / // /* */ <!-- --> <![CDATA[ ]]> --- ``` ~~~ | : & &amp; * _ # ... => ; ! , \n \r\n \r \t \0 \uFEFF \u2028 ü 👩‍🚀 \u0301 <img alt alt= src= srcset= class= <a> </a> <p> </p> <script> </script> <style> <template> </template> <textarea> <svg> <math> <table> <tr> <select> <plaintext> <h1> </h1> <figure> <figcaption> <Image <> </> <enhanced:img v-bind="x" :src="x" {...p} {src} {#if x} {/if} {@html x} import export const return function class <T,>() import a from "./a.png"; [a]: b.png'
    .split(' ')
    .concat(' ', '    ', '\n\n');

/** What any text is put into now and then, so that there is mark-up at all. */
const AROUND: Partial<Readonly<Record<Syntax, readonly [string, string]>>> = {
  jsx: ['x = <p>', '</p>'],
  mdx: ['<A>', '</A>'],
  vue: ['<template>', '</template>'],
};

/** Any text, mostly made of such tokens. */
const anyText = (syntax: Syntax) =>
  fc
    .tuple(
      fc.boolean(),
      fc.array(
        fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...TOKENS) },
          { weight: 2, arbitrary: fc.constant('<img src="a.png"/>') },
          { weight: 1, arbitrary: fc.constant('![](a.png)') },
          { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
          { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
        ),
        { maxLength: 30 },
      ),
    )
    .map(([isWithin, pieces]) => {
      const [before, after] = (isWithin ? AROUND[syntax] : undefined) ?? ['', ''];
      return Buffer.from(`${before}${pieces.join('')}${after}`);
    });

const altTexts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', 'A "dog" & {cat}', '{{ x }}', '</script>', '![a](b)', '`${x}`', '*/ //', '-->', '\u2028', '\\'),
);

/** In UTF-8 a byte that goes on a character is no place to cut. */
const isBoundary = (bytes: Uint8Array, at: number): boolean => at === bytes.length || (bytes[at]! & 0xc0) !== 0x80;

function expectPlacesWithin(images: readonly SourceImage[], bytes: Uint8Array): void {
  let last = 0;
  for (const { range, place, line, column, tag } of images) {
    expect([range.start >= last, range.start < range.end, range.end <= bytes.length]).toEqual([true, true, true]);
    expect([isBoundary(bytes, range.start), isBoundary(bytes, range.end)]).toEqual([true, true]);
    expect(String.fromCharCode(bytes[range.start]!)).toBe(tag === '![]' ? '!' : '<');
    expect([Number.isInteger(line) && line > 0, Number.isInteger(column) && column > 0]).toEqual([true, true]);
    last = range.start;
    if (!place) continue;
    expect([place.start > range.start, place.start <= place.end, place.end <= range.end]).toEqual([true, true, true]);
    expect([isBoundary(bytes, place.start), isBoundary(bytes, place.end)]).toEqual([true, true]);
  }
}

/** Edits the images without text; what is outside of their places must stay. */
async function expectEditedInPlaces(file: string, bytes: Uint8Array, images: readonly SourceImage[], text: string, syntax: Syntax) {
  const edits = images.flatMap(({ alt, place }) => (alt === 'missing' && place ? [{ place, text }] : []));
  const { bytes: after } = await editFile(file, bytes, edits, { syntax });
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { place } of edits) {
    pieces.push(bytes.subarray(at, place.start), Buffer.from(encodeText(text, place, syntax)));
    at = place.end;
  }
  pieces.push(bytes.subarray(at));
  expect(Buffer.concat(pieces).equals(after)).toBe(true);
  return edits.length;
} // prettier-ignore

describe.each(Object.keys(SOURCES) as Syntax[])('%s', (syntax) => {
  const file = `page.${syntax === 'jsx' ? 'tsx' : syntax}`;
  const mutated = fc
    .tuple(fc.constantFrom(...SOURCES[syntax]), damages)
    .map(([source, list]) => damaged(Buffer.from(source), list));

  test.each([
    ['any text', anyText(syntax)],
    ['damaged sources', mutated],
  ])(
    '%s: images with places in the file, or a SourceFileError; edits change nothing else',
    async (_, sources) => {
      let [parsed, edited] = [0, 0];
      await fc.assert(
        fc.asyncProperty(sources, altTexts, async (bytes, text) => {
          await isTyped(async () => {
            const images = await findImages(file, bytes, { syntax });
            expectPlacesWithin(images, bytes);
            lintTexts(images);
            parsed += 1;
            edited += await expectEditedInPlaces(file, bytes, images, text, syntax);
          });
        }),
        runs(60),
      );
      expect(parsed).toBeGreaterThan(0);
      expect(edited).toBeGreaterThan(0);
    },
    LONGEST_MS,
  );
});
