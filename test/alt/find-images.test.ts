import { describe, expect, test } from 'vitest';
import { findImages, type SourceImage, type Syntax } from '../../src/alt/index.js';
import { FilePlaces } from '../../src/alt/source/file-places.js';
import { maskBraces, maskTemplateTags, maskWithin } from '../../src/alt/source/mask.js';
import { SourceFileError } from '../../src/core/index.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function found(syntax: Syntax, text: string): Promise<SourceImage[]> {
  const images = await findImages(`page.${syntax === 'jsx' ? 'tsx' : syntax}`, bytesOf(text), { syntax });
  for (const { range, place } of images) {
    expect(range.start).toBeLessThan(range.end);
    if (place) expect(place.start).toBeGreaterThanOrEqual(range.start);
    if (place) expect(place.end).toBeLessThanOrEqual(range.end);
  }
  return images;
}

/** `state src` of each image. */
async function states(syntax: Syntax, text: string): Promise<string[]> {
  return (await found(syntax, text)).map(({ alt, altText, src }) => `${alt} ${altText ?? src ?? '-'}`);
}

describe('HTML', () => {
  test.each([
    ['<img src=a.png>', 'missing a.png'],
    ['<IMG SRC="a.png" />', 'missing a.png'],
    ['<img src="a.png" alt="">', 'decorative a.png'],
    ['<img src="a.png" alt>', 'decorative a.png'],
    ['<img src="a.png" alt="A dog &amp; a cat">', 'text A dog & a cat'],
    ['<img src="a.png" role="presentation">', 'decorative a.png'],
    ['<img src="a.png" aria-hidden="true">', 'decorative a.png'],
    ['<img src="a.png" aria-label="A dog">', 'text a.png'],
    ['<img srcset="small.png 1x, large.png 2x">', 'missing small.png'],
    ['<img src="data:image/gif;base64,R0lGOD" data-src="real.jpg">', 'missing real.jpg'],
    ['<input type="image" src="go.png">', 'missing go.png'],
    ['<noscript><img src="a.png"></noscript>', 'missing a.png'],
    ['<template><img src="a.png"></template>', 'missing a.png'],
    ['<td><img src="a.png"></td>', 'missing a.png'],
    ['<img src="a.png" alt="{{ title }}">', 'computed a.png'],
    ['<img src="{{ url }}">', 'missing -'],
  ])('%s', async (text, expected) => {
    expect(await states('html', text)).toEqual([expected]);
  });

  test.each([
    '<script>document.write("<img src=a.png>")</script>',
    '<!-- <img src="a.png"> -->',
    '<textarea><img src="a.png"></textarea>',
    '<svg><image href="a.png"/></svg>',
    '<p>1 < 2</p>',
  ])('no image in %s', async (text) => {
    expect(await states('html', text)).toEqual([]);
  });

  test('a whole document, with lines, bytes and what is around an image', async () => {
    const text =
      '<!doctype html>\r\n<html><body>\r\n<h1>Ümläute</h1>\r\n<figure><a href="x">Große <img src="ä.png" title="T"> Karte</a>\r\n' +
      '<figcaption>Die <b>Karte</b></figcaption></figure></body></html>';
    const [image] = await found('html', text);
    expect(image).toMatchObject({ line: 4, column: 27, src: 'ä.png' });
    expect(image?.context).toEqual({
      heading: 'Ümläute',
      figcaption: 'Die Karte',
      linkText: 'Große Karte',
      title: 'T',
    });
    const bytes = Buffer.from(text);
    expect(bytes.subarray(image!.range.start, image!.range.end).toString()).toBe('<img src="ä.png" title="T">');
    expect(bytes.subarray(0, image!.place!.start).toString()).toMatch(/src="ä.png"$/);
  });

  test('a byte order mark counts as bytes, not as text', async () => {
    const bytes = Buffer.from('\uFEFF<img src="a.png">');
    const [image] = await findImages('a.html', bytes);
    expect(image?.range).toEqual({ start: 3, end: bytes.length });
    expect(image).toMatchObject({ line: 1, column: 1 });
  });
});

describe('Markdown', () => {
  test.each([
    ['![](a.png)', 'missing a.png'],
    ['![ ](a.png "title")', 'missing a.png'],
    ['![A *good* dog](a.png)', 'text A good dog'],
    ['![][ref]\n\n[ref]: a.png', 'missing a.png'],
    ['![ref]\n\n[ref]: a.png', 'text ref'],
    ['[![](a.png)](page.html)', 'missing a.png'],
    ['> * <img\n>   src="a.png">', 'missing a.png'],
    ['| a |\n|---|\n| ![](a.png) |', 'missing a.png'],
    ['Text <img src="a.png"> text', 'missing a.png'],
    ['![]({{ site.url }}/a.png)', 'missing -'],
    ['![{{ title }}](a.png)', 'computed a.png'],
    ['<img src="a.png" {% if x %}alt="y"{% endif %}>', 'text y'],
    ['<img src="a.png" {{ attributes }}>', 'computed a.png'],
    ['<img src="a.png" alt="{{ title }}">', 'computed a.png'],
    ['![a [nested] label](<b c.png>)', 'text a [nested] label'],
  ])('%s', async (text, expected) => {
    expect(await states('markdown', text)).toEqual([expected]);
  });

  test.each(['`![](a.png)`', '    ![](a.png)', '```\n![](a.png)\n```', '---\nx: "![](a.png)"\n---\n', '\\![](a.png)'])(
    'no image in %j',
    async (text) => {
      expect(await states('markdown', text)).toEqual([]);
    },
  );

  test('the place is between the brackets, in bytes, also behind quotation marks and CRLF', async () => {
    const text = '# Über\r\n\r\n> ü ![](a.png)\r\n> <b>\r\n> <img src="b.png">\r\n';
    const images = await found('markdown', text);
    const bytes = Buffer.from(text);
    expect(images.map(({ range }) => bytes.subarray(range.start, range.end).toString())).toEqual([
      '![](a.png)',
      '<img src="b.png">',
    ]);
    expect(bytes.subarray(0, images[0]!.place!.start).toString()).toMatch(/!\[$/);
    expect(images[0]?.context).toEqual({ heading: 'Über' });
  });
});

describe('MDX and JSX', () => {
  const imports = "import hero from './hero.jpg';\n\n";
  test.each([
    ['<img src="a.png" />', 'missing a.png'],
    ['<Image src={hero} />', 'missing ./hero.jpg'],
    ['<Image src={hero} alt="" />', 'decorative ./hero.jpg'],
    ['<Image src={hero} alt={""} />', 'decorative ./hero.jpg'],
    ['<ui.Image src={hero} alt={title} />', 'computed ./hero.jpg'],
    ['<img src="a.png" alt />', 'missing a.png'],
    ['<img {...props} />', 'computed -'],
    ['<img {...props} alt="A dog" />', 'text A dog'],
    ["<img src={'a.png'} alt={`A dog`} />", 'text A dog'],
    ['<img src={photo.url} />', 'missing -'],
  ])('%s', async (text, expected) => {
    expect(await states('jsx', `${imports}export const x = <p>${text}</p>;`)).toEqual([expected]);
    expect(await states('mdx', `${imports}Some *text* ${text}\n\n${text}\n`)).toEqual([expected, expected]);
    expect(await states('mdx', `${imports}{list.map((item) => ${text})}\n`)).toEqual([expected]);
  });

  test('MDX has images of Markdown too', async () => {
    expect(await states('mdx', '# Head\n\n![](a.png) <b>![](b.png)</b>\n')).toEqual(['missing a.png', 'missing b.png']);
  });

  test('new URL and require', async () => {
    const text =
      "const x = [<img src={require('./a.png')} />, <img src={new URL('./b.png', import.meta.url).href} />];";
    expect(await states('jsx', text)).toEqual(['missing ./a.png', 'missing ./b.png']);
  });

  test('TypeScript that is no JSX, and context across expressions', async () => {
    const text =
      'const f = <T,>(x: T): T => x as T;\nexport const P = () => <><h2>Head</h2>{ok && <a><img src="ä.png"/>More</a>}</>;';
    const [image] = await found('jsx', text);
    expect(image?.context).toEqual({ heading: 'Head', linkText: 'More' });
  });
});

describe('Vue, Svelte, Astro, Nunjucks', () => {
  test.each<[Syntax, string, string[]]>([
    ['vue', '<template><MyCard/><img src="a.png"></template><script>let x = "<img>"</script>', ['missing a.png']],
    ['vue', '<template><img :src="url" :alt="text"/></template>', ['computed -']],
    ['vue', '<template><img v-bind="props"/></template>', ['computed -']],
    [
      'vue',
      '<script setup>import a from "./a.png"</script><template><NuxtImg :src="a"/></template>',
      ['missing ./a.png'],
    ],
    ['vue', '<template><img v-if="a > b" src="a.png" alt="">{{ "<img>" }}</template>', ['decorative a.png']],
    ['vue', '<template><ul><li v-for="x in y"><img src="a.png" alt="A dog"></li></ul></template>', ['text A dog']],
    ['svelte', '<script>let a = "<img>"</script>{#if a > b}<img src="a.png">{/if}', ['missing a.png']],
    ['svelte', '<img {src} {alt}/>', ['computed -']],
    ['svelte', '<img {...props}/>', ['computed -']],
    ['svelte', '<img src={x > y ? "a" : \'b\'} alt="Photo of {name}"/>', ['computed -']],
    ['svelte', '<img src="/a/{name}.png"/><img src="b.png"/>', ['missing -', 'missing b.png']],
    ['svelte', '<script>import a from "./a.png"</script><enhanced:img src={a}/>', ['missing ./a.png']],
    ['svelte', '<Card on:click={() => { a = "}" }}><img src="a.png" alt=""></Card>', ['decorative a.png']],
    ['astro', '---\nimport a from "../a.png";\nconst x = "<img>";\n---\n<Image src={a} />', ['missing ../a.png']],
    [
      'astro',
      '{list.map((x) => <li>It\'s {x}<img src="a.png"></li>)}<img src="b.png" alt="">',
      ['missing a.png', 'decorative b.png'],
    ],
    ['astro', '{a < b && (<><img src={x} alt={`t`}/></>)}', ['text t']],
    ['astro', '<img {...props}/><Image {src} alt={title}/>', ['computed -', 'computed -']],
    ['astro', '<style>a{b:c}</style><script>if (a<b) x("<img>")</script><img src="a.png">', ['missing a.png']],
    [
      'nunjucks',
      '{% for x in y %}<img src="{{ x.url }}" {% if x.alt %}alt="{{ x.alt }}"{% endif %}>{% endfor %}',
      ['computed -'],
    ],
    ['nunjucks', '<img src={{ "a b" | url }}>{# <img src="x.png"> #}<img src="b.png">', ['missing -', 'missing b.png']],
  ])('%s: %s', async (syntax, text, expected) => {
    expect(await states(syntax, text)).toEqual(expected);
  });
});

test('what cannot be read is an error that says what to do', async () => {
  await expect(findImages('a.pdf', bytesOf(''))).rejects.toThrow(/^a\.pdf: .*Give HTML/);
  await expect(findImages('a.html', Uint8Array.of(0x3c, 0xe4, 0x3e))).rejects.toThrow(/not UTF-8/);
  await expect(findImages('a.html', Uint8Array.of(0xff, 0xfe, 0x3c, 0))).rejects.toBeInstanceOf(SourceFileError);
  await expect(findImages('a.tsx', bytesOf('const = <img>'))).rejects.toThrow(/^a\.tsx: it cannot be parsed/);
  await expect(findImages('a.mdx', bytesOf('<img'))).rejects.toMatchObject({ code: 'SOURCE_FILE', file: 'a.mdx' });
});

test('Svelte files have the images that its compiler finds, at the same places', async () => {
  const { parse } = await import('svelte/compiler');
  const sources = [
    '<script>let a = "<img>"</script>\n{#if a > "}"}<img src="a.png">{:else}<img src={b} {alt} />{/if}<style>a{b:c}</style>',
    '{#each items as { src }, i (src)}<li on:click={() => { x = `}${"<"}` }}><img {src} {...rest}></li>{/each}<!-- <img> -->',
    '{@html "<img>"}<p title="{a}\\">{/* <img> */ b}</p><img src="{c > d ? `e` : f}" alt="G {h}">\n<svelte:head><title>x</title></svelte:head>',
  ];
  for (const source of sources) {
    const expected: number[] = [];
    JSON.stringify(parse(source, { modern: true }), (_key, value) => {
      if (value?.type === 'RegularElement' && value.name === 'img') expected.push(value.start);
      return value;
    });
    expect(expected.length).toBeGreaterThan(0);
    expect((await found('svelte', source)).map(({ range }) => range.start)).toEqual(expected);
  }
});

test('further components may be named', async () => {
  const options = { components: ['Photo'] };
  expect(await findImages('a.astro', bytesOf('<Photo src="a.png"/>'), options)).toHaveLength(1);
  expect(await findImages('a.vue', bytesOf('<template><Photo src="a.png"/></template>'))).toHaveLength(0);
});

describe('bytes of places', () => {
  test('HTML in a list whose lines begin with tabs, which Markdown counts as spaces', async () => {
    const text = '- <div>\n\t<img src="ü.png" class="x">\n  </div>\n\n> <p>\n>\t<img src="b.png"></p>\n';
    const bytes = Buffer.from(text);
    const images = await found('markdown', text);
    expect(images.map(({ range }) => bytes.subarray(range.start, range.end).toString())).toEqual([
      '<img src="ü.png" class="x">',
      '<img src="b.png">',
    ]);
    expect(images.map(({ place }) => bytes.subarray(0, place!.start).toString().endsWith('.png"'))).toEqual([
      true,
      true,
    ]);
  });

  test('of characters of one to four bytes, on lines of any length', () => {
    const text = 'a\r\nü€👩‍🚀b\n'.repeat(500);
    for (const isMarked of [false, true]) {
      const places = new FilePlaces(text, isMarked);
      for (let offset = 0; offset <= text.length; offset += 7) {
        const within = /[\udc00-\udfff]/.test(text[offset] ?? '') ? 1 : 0;
        const byte = Buffer.byteLength(text.slice(0, offset + within)) + (isMarked ? 3 : 0);
        if (within === 0) expect(places.byteOf(offset)).toBe(byte);
        const before = text.slice(0, offset).split(/\r\n|\n/);
        if (text[offset] !== '\n')
          expect(places.lineOf(offset)).toEqual({ line: before.length, column: before.at(-1)!.length + 1 });
      }
    }
  });
});

describe('large files take time in proportion: each of these took minutes', () => {
  test('50,000 places on one line', () => {
    const text = 'ü'.repeat(5_000_000);
    const places = new FilePlaces(text, false);
    for (let offset = 0; offset < text.length; offset += 100) expect(places.byteOf(offset)).toBe(2 * offset);
  });

  test.each(['{{', '{%', '{#', '{'])('half a million of %s that do not end', (opener) => {
    const text = opener.repeat(500_000);
    expect(maskTemplateTags(`${text}{{ x }}`).masks.length).toBeLessThanOrEqual(1);
    expect(maskTemplateTags(text).masks).toEqual([]);
  });

  test('50,000 attributes that are expressions', () => {
    const { masks } = maskBraces('<b {a}>'.repeat(50_000), 0, false);
    expect(masks.length).toBe(50_000);
    expect(masks.every((mask) => maskWithin(masks, mask.start - 1, mask.end) === mask)).toBe(true);
    expect(maskWithin(masks, 0, 3)).toBeUndefined();
  });
});

test('what is nested too deeply is told as such', async () => {
  await expect(found('html', '<svg>'.repeat(20_000))).rejects.toThrow('it cannot be parsed: it is nested too deeply.');
});
