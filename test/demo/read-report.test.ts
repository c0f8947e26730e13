import { beforeAll, describe, expect, test } from 'vitest';
import { readReport } from '../../demo/src/report/read-report.js';
import type { EvalReport } from '../../src/cli/eval/measure-bias.js';
import { pageHtml } from '../../src/cli/eval/pages.js';
import { sampleReport } from './sample-report.js';

const PHOTOGRAPH = 'data:image/jpeg;base64,/9j/';

describe('a report that is opened in the demo', () => {
  let report: EvalReport;
  beforeAll(async () => {
    report = JSON.parse(JSON.stringify(await sampleReport())) as EvalReport;
  }, 60_000);

  test('report.json is read, and examples are chosen', () => {
    const data = readReport(JSON.stringify(report), 'report.json');
    expect(data).toMatchObject({ report, thumbnails: {}, attention: {} });
    expect(data.examples.map(({ title }) => title)).toEqual([
      'Largest differences',
      'Random examples',
      'Best captions of right',
      'Worst captions of right',
      'Best captions of wrong',
      'Worst captions of wrong',
    ]);
  });

  test('report.html is read with its photographs, and nothing of another place', () => {
    const thumbnails = { 'cat.jpg': PHOTOGRAPH, 'coffee.jpg': 'https://example.org/coffee.jpg' };
    const captions = report.images.map((image) => ({ ...image, captions: ['</script><b>', '<!--'] }));
    const page = pageHtml('</script>', 'run()', { report: { ...report, images: captions }, thumbnails, attention: {} });
    const data = readReport(page, 'report.html');
    expect(data.report.images).toEqual(captions);
    expect(data.thumbnails).toEqual({ 'cat.jpg': PHOTOGRAPH });
  });

  test.each<[name: string, change: (whole: EvalReport) => unknown, message: RegExp]>([
    ['another JSON file', () => ({ name: 'captioneer' }), /a\.json is not a report of captioneer eval/],
    ['a list', () => [1], /is not a report of captioneer eval/],
    ['a later version', (whole) => ({ ...whole, version: 2 }), /is a report of version 2; this page shows version 1/],
    ['no images', ({ images: _, ...others }) => others, /a\.json is damaged: figures or captions are missing/],
    ['no systems', (whole) => ({ ...whole, systems: [] }), /is damaged/],
    ['a system without scores', (whole) => ({ ...whole, systems: [{ name: 'a' }, { name: 'b' }] }), /is damaged/],
    [
      'an image that lacks a caption',
      (whole) => ({ ...whole, images: whole.images.map((image) => ({ ...image, captions: ['one'] })) }),
      /is damaged/,
    ],
  ])('%s is refused in a sentence', (_, change, message) => {
    expect(() => readReport(JSON.stringify(change(report)), 'a.json')).toThrow(message);
  });

  test('a file that is cut short, and a page of something else', () => {
    expect(() => readReport(JSON.stringify(report).slice(0, 1000), 'a.json')).toThrow(
      /not a report, or it is cut short/,
    );
    expect(() => readReport('<!doctype html><p>Hello', 'a.html')).toThrow(/a\.html is not a report of captioneer eval/);
  });
});
