import fc from 'fast-check';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { existingDescription } from '../../src/metadata/existing-description.js';
import { describedJpeg, plainImage, xmpPacket, xmpProperty } from './described-images.js';

const DESCRIPTION = xmpProperty('dc:description', { 'de-DE': 'Ein Café', 'x-default': 'A café &amp; more' });

it('reads each field', async () => {
  const found = async (given: Parameters<typeof describedJpeg>[0]) => existingDescription(await describedJpeg(given));
  expect(await found({ exif: 'A café' })).toEqual({ description: 'A café', descriptionField: 'EXIF ImageDescription' });
  expect(await found({ exif: Buffer.from('A café', 'latin1') })).toMatchObject({ description: 'A café' });
  expect(await found({ comment: 'Ein Schloß in 日本' })).toEqual({
    description: 'Ein Schloß in 日本',
    descriptionField: 'EXIF XPComment',
  });
  expect(await found({ iptc: 'Die Straße' })).toEqual({
    description: 'Die Straße',
    descriptionField: 'IPTC Caption-Abstract',
  });
  expect(await found({ xmp: xmpPacket(DESCRIPTION) })).toEqual({
    description: 'A café & more',
    descriptionField: 'dc:description',
  });
  const accessibility =
    xmpProperty('Iptc4xmpCore:AltTextAccessibility', { 'x-default': 'Cups on a table.' }) +
    xmpProperty('Iptc4xmpCore:ExtDescrAccessibility', { en: 'Two cups, one of them empty.' });
  expect(await found({ xmp: xmpPacket(accessibility), iptc: 'Cups' })).toEqual({
    altText: 'Cups on a table.',
    extendedDescription: 'Two cups, one of them empty.',
    description: 'Cups',
    descriptionField: 'IPTC Caption-Abstract',
  });
});

it('takes the first of several, and an XMP file beside the image before them', async () => {
  const image = await describedJpeg({ exif: 'exif', comment: 'comment', iptc: 'iptc', xmp: xmpPacket(DESCRIPTION) });
  expect(await existingDescription(image)).toMatchObject({ description: 'A café & more' });
  const beside = xmpPacket(xmpProperty('dc:description', { en: 'beside' }));
  expect(await existingDescription(image, beside)).toMatchObject({ description: 'beside' });
  expect(await existingDescription(await describedJpeg({ exif: 'exif', comment: 'comment', iptc: 'iptc' }))).toMatchObject({
    description: 'iptc',
  }); // prettier-ignore
  expect(await existingDescription(await plainImage(), beside)).toMatchObject({ description: 'beside' });
});

it.each(['png', 'webp', 'avif'] as const)('reads XMP of %s', async (format) => {
  const image = await sharp(await plainImage(format))
    .withXmp(xmpPacket(DESCRIPTION))
    .toFormat(format)
    .toBuffer();
  expect(await existingDescription(image)).toMatchObject({ description: 'A café & more' });
});

it('reads the view of a larger buffer', async () => {
  const image = await describedJpeg({ exif: 'A cat' });
  const larger = Buffer.concat([Buffer.alloc(7), image, Buffer.alloc(7)]);
  expect(await existingDescription(larger.subarray(7, 7 + image.length))).toMatchObject({ description: 'A cat' });
});

it('does not take for a description what cameras write into every image', async () => {
  for (const text of ['OLYMPUS DIGITAL CAMERA         ', 'SONY DSC', 'DCIM\\100MEDIA', '    ', 'cof', '---']) {
    expect(await existingDescription(await describedJpeg({ exif: text }))).toBeUndefined();
  }
  expect(await existingDescription(await describedJpeg({ exif: 'Digital cameras on a table' }))).toBeDefined();
  expect(await existingDescription(await plainImage())).toBeUndefined();
});

it('reads what is damaged as far as it can, and never fails', { timeout: 60_000 }, async () => {
  const image = await describedJpeg({ exif: 'exif', comment: 'comment', iptc: 'iptc', xmp: xmpPacket(DESCRIPTION) });
  expect(await existingDescription(new Uint8Array())).toBeUndefined();
  expect(await existingDescription(Buffer.from('not an image'))).toBeUndefined();
  expect(await existingDescription(await describedJpeg({ xmp: '<x:xmpmeta>', exif: 'A cat' }), '<no')).toMatchObject({
    description: 'A cat',
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(image.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      fc.integer({ min: 0, max: image.length }),
      async (changes, length) => {
        const damaged = Buffer.from(image.subarray(0, length));
        for (const [at, byte] of changes) if (at < length) damaged[at] = byte;
        await existingDescription(damaged);
      },
    ),
    { numRuns: 150 },
  );
});
