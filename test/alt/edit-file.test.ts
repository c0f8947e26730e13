import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editFile, findImages, type Syntax } from '../../src/alt/index.js';
import { encodeText, plainText } from '../../src/alt/edit/encode-text.js';

/** Pieces of files: each is whole in its syntax, whatever stands before and after. `IMG` is an image without text. */
const PIECES: Readonly<Record<Syntax, readonly string[]>> = {
  html: [
    '<p>Ümläut 👩‍🚀 &amp; x</p>',
    '<!-- <img src=x> -->',
    '<img src="b.png" alt="A &lt; B">',
    '<script>"<img>"</script>',
    'IMG',
    '<a href=x>IMG</a>',
    '\n',
    '<table><tr>IMG</table>',
  ],
  nunjucks: [
    '{% if a > "b" %}é{% endif %}',
    '{{ "<img>" }}',
    '{# <img src="c"> #}',
    'IMG',
    '\n',
    '<p {% if x %}class="y"{% endif %}>IMG</p>',
  ],
  markdown: [
    '\n\n# Ünder\n\n',
    '\n\n> quoted IMG ü\n\n',
    '\n\n`![](x)`\n\n',
    '\n\nIMG and IMG\n\n',
    '\n\n![a](b.png)\n\n',
    '\n\n```\n<img>\n```\n\n',
    '\n\n<div>\nHTML\n</div>\n\n',
    '\n\n| a |\n|--|\n| IMG |\n\n',
  ],
  mdx: [
    '\n\n# Ünder\n\n',
    '\n\n{list.map((x) => JSX)}\n\n',
    '\n\nIMG text JSX\n\n',
    '\n\n<Box>\n  IMG\n</Box>\n\n',
    '\n\nexport const é = "<img>";\n\n',
  ],
  jsx: [
    'const a$ = <p>ü IMG</p>;\n',
    '// <img>\n',
    'const s$ = `<img> ${1 < 2}`;\n',
    'f$ = () => <>{ok && IMG}</>;\n',
    'const b$ = <img src="b" alt={"\\"q\\""}/>;\n',
  ],
  vue: [
    '<template><p>ü {{ "<img>" }}</p>IMG<B :a="x > y"/></template>\n',
    '<script>const x = "<img>";</script>\n',
    '<template><ul><li v-for="i in l">IMG</li></ul></template>\n',
  ],
  svelte: [
    '{#if a > "}"}IMG{/if}',
    '<p>é {name}</p>',
    '<B on:click={() => { x = "<img>" }}/>',
    '<style>a{b:c}</style>',
    'IMG',
    '\n',
  ],
  astro: [
    "{list.map((x) => (<li>It's {x} IMG</li>))}",
    '<p>é {a < b}</p>',
    '<B {...p} {q}/>',
    'IMG',
    '\n',
    '<script>if (a<b) {}</script>',
  ],
};
const IMAGES: Readonly<Record<Syntax, readonly string[]>> = {
  html: ['<img src="a.png">', '<img src=a.png>', "<IMG SRC='ä.png'/>", '<img class="x" src="a.png"\n  width=3>'],
  nunjucks: ['<img src="{{ x | y("z") }}">', '<img src="a.png"/>', '<img src={{ x }}>'],
  markdown: ['![](a.png)', '![ ](ä.png "t")', '<img src="a.png">', '[![](a.png)](x)'],
  mdx: ['![](a.png)', '<img src="a.png" />'],
  jsx: ['<img src="ä.png"/>', '<Image src={hero} width={3}/>', '<img alt src="a.png" />'],
  vue: ['<img src="a.png">', '<img :src="x" class="ü"/>', '<NuxtImg :src="`a${b}`"/>'],
  svelte: ['<img src={x > y ? "a" : "}"}>', '<img src="a.png"/>', '<img {src} class="{a}"/>'],
  astro: ['<img src={`a${x}`} />', '<Image src={hero} {...{}}/>'.replace(' {...{}}', ''), '<img src="a.png">'],
};
const HTML_IN_MARKDOWN = '<img src="h.png">';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.stringMatching(/^[ a-z"'&<>{}\\`*_[\]|~$()!#;:@./%-]{0,40}$/),
  fc.constantFrom(
    'A dog & a "cat"',
    '&amp; &lt;',
    '{{ x }}',
    '{% y %}',
    '</script>',
    '![a](b)',
    'C:\\new',
    '`${x}`',
    'www.example.com',
    '*/ //',
    '\u2028',
  ),
);

describe.each(Object.keys(PIECES) as Syntax[])('%s', (syntax) => {
  const piece = fc.constantFrom(...PIECES[syntax]);
  const image = fc.constantFrom(...IMAGES[syntax]);
  const sources = fc
    .record({
      pieces: fc.array(piece, { minLength: 1, maxLength: 6 }),
      image: fc.array(image, { minLength: 1, maxLength: 4 }),
      isCrlf: fc.boolean(),
      hasBom: fc.boolean(),
    })
    .map(({ pieces, image: images, isCrlf, hasBom }) => {
      let count = 0;
      const next = (): string => images[count++ % images.length]!;
      const text = pieces
        .map((one, index) =>
          one
            .replace(/IMG/g, next)
            .replace('JSX', '<img src="j.png" />')
            .replace('HTML', HTML_IN_MARKDOWN)
            .replaceAll(/\$(?=\s*=|: )/g, `${index}`)
            .replace(/^f\$/, `f${index}`),
        )
        .join('');
      return Buffer.from((hasBom ? '\uFEFF' : '') + (isCrlf ? text.replace(/\n/g, '\r\n') : text));
    });

  test('outside of its places a file stays as it is, byte by byte, and each image has its text', async () => {
    let edited = 0;
    await fc.assert(
      fc.asyncProperty(
        sources,
        fc.array(texts, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        async (bytes, words, seed) => {
          const file = `page.${syntax === 'jsx' ? 'tsx' : syntax}`;
          const images = await findImages(file, bytes, { syntax });
          const open = images.filter(({ alt }) => alt === 'missing').filter((_, i) => (seed + i) % 3 > 0);
          const edits = open.map(({ place }, i) => ({ place: place!, text: words[i % words.length]! }));
          const { bytes: after } = await editFile(file, bytes, edits, { syntax });
          edited += edits.length;
          let at = 0;
          let cursor = 0;
          for (const { place, text } of edits) {
            const kept = bytes.subarray(at, place.start);
            expect(Buffer.from(kept).equals(after.subarray(cursor, cursor + kept.length))).toBe(true);
            cursor += kept.length + Buffer.byteLength(encodeText(text, place, syntax));
            at = place.end;
          }
          expect(Buffer.from(bytes.subarray(at)).equals(after.subarray(cursor))).toBe(true);
          const now = await findImages(file, after, { syntax });
          const byPlace = new Map(edits.map(({ place, text }) => [place.start, plainText(text)]));
          for (const [i, { place, alt, altText }] of images.entries()) {
            const text = place && byPlace.get(place.start);
            if (text === undefined) expect(now[i]).toMatchObject({ alt, altText });
            else if (text !== '') expect(now[i]).toMatchObject({ alt: 'text', altText: text });
          }
        },
      ),
      { numRuns: 40, seed: 20260101 },
    );
    expect(edited).toBeGreaterThan(20);
  });
});

test('escapes as each syntax has them', async () => {
  const edited = async (file: string, source: string, text: string): Promise<string> => {
    const bytes = Buffer.from(source);
    const [image] = await findImages(file, bytes);
    const { syntax, place } = image!;
    return Buffer.from((await editFile(file, bytes, [{ place: place!, text }], { syntax })).bytes).toString();
  };
  const text = 'A "big" dog & {cat}';
  expect(await edited('a.html', '<img src=a.png>', text)).toBe(
    '<img src=a.png alt="A &quot;big&quot; dog &amp; &#123;cat&#125;">',
  );
  expect(await edited('a.md', '![](a.png)', 'A *big* [dog]')).toBe('![A \\*big\\* \\[dog\\]](a.png)');
  expect(await edited('a.tsx', 'x = <img src="a"/>', text)).toBe('x = <img src="a" alt={"A \\"big\\" dog & {cat}"}/>');
  expect(await edited('a.tsx', 'x = <img src="a"/>', "A dog's bowl")).toBe('x = <img src="a" alt="A dog\'s bowl"/>');
  expect(await edited('a.tsx', 'x = <img alt src="a"/>', 'A dog')).toBe('x = <img alt="A dog" src="a"/>');
  expect(await edited('a.astro', '<Image src={a} />', text)).toBe('<Image src={a} alt={"A \\"big\\" dog & {cat}"} />');
  expect(await edited('a.svelte', '<img src={a}>', '')).toBe('<img src={a} alt="">');
});

test('an edit that would not do what it should is refused', async () => {
  const bytes = Buffer.from('<!-- <img src="a.png"> --><img src="b.png">');
  const place = { start: 21, end: 21, notation: 'html', isAttribute: true } as const;
  await expect(editFile('a.html', bytes, [{ place, text: 'A dog' }], { syntax: 'html' })).rejects.toThrow(
    /would not give the intended text/,
  );
});
