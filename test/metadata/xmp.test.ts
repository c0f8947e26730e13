import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readXmp, withXmp } from '../../src/metadata/xmp.js';
import { xmpPacket, xmpProperty } from './described-images.js';

it('writes texts that are read again, whatever is in them', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((given) => given.trim() !== '');
  fc.assert(
    fc.property(text, text, (description, altText) => {
      const packet = withXmp(undefined, { description, altText })!;
      expect(readXmp(packet)).toEqual({ description: description.trim(), altText: altText.trim() });
    }),
  );
});

it.each([['\u2028'], ['\u2029']])('%j is no end of a line, as in XML 1.0', (character) => {
  const texts = { description: `a${character}b` };
  expect(readXmp(withXmp(undefined, texts)!)).toEqual(texts);
  const packet = xmpPacket(xmpProperty('dc:description', { 'x-default': 'a\r\nb\rc' }));
  expect(readXmp(packet)).toEqual({ description: 'a\nb\nc' });
});

it('keeps whatever else an XMP file has', () => {
  const before = xmpPacket(
    xmpProperty('dc:description', { 'x-default': 'old', 'de-DE': 'alt' }) +
      xmpProperty('dc:title', { 'x-default': 'A title' }) +
      '<dc:subject><rdf:Bag><rdf:li>cats</rdf:li></rdf:Bag></dc:subject>',
  ).replace(
    '<rdf:Description ',
    '<rdf:Description xmlns:darktable="http://darktable.sf.net/" darktable:history_end="5" ',
  );
  const after = withXmp(before, { description: 'new' })!;
  expect(readXmp(after)).toEqual({ description: 'new' });
  for (const kept of ['A title', '<rdf:li>cats</rdf:li>', 'darktable:history_end="5"', '<?xpacket end="w"?>']) {
    expect(after).toContain(kept);
  }
  expect(after).not.toContain('old');
  expect(after.match(/xmlns:dc=/g)).toHaveLength(1);
});

it('reads and replaces a property that is an attribute, or has no languages', () => {
  const attribute = xmpPacket('').replace('rdf:about=""', 'rdf:about="" dc:description="A cat"');
  expect(readXmp(attribute)).toEqual({ description: 'A cat' });
  expect(readXmp(withXmp(attribute, { description: 'A dog' })!)).toEqual({ description: 'A dog' });
  expect(readXmp(xmpPacket('<dc:description>A cat</dc:description>'))).toEqual({ description: 'A cat' });
});

it('does not write into what is not XMP', () => {
  expect(withXmp('<html><body/></html>', { description: 'a' })).toBeUndefined();
  expect(withXmp('<broken', { description: 'a' })).toBeUndefined();
  expect(readXmp('<broken')).toEqual({});
});

it('does not expand entities of its own', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${xmpPacket('<dc:description>&b;</dc:description>')}`;
  expect(readXmp(bomb).description ?? '').not.toContain('aaaa');
});
