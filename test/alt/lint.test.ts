import { describe, expect, test } from 'vitest';
import {
  findImages,
  githubReport,
  jsonReport,
  type LintRule,
  lintTexts,
  missingTexts,
  sarifReport,
  textReport,
} from '../../src/alt/index.js';

const imagesOf = (html: string, file = 'page.html') => findImages(file, new TextEncoder().encode(html));

async function rulesFor(html: string): Promise<LintRule[]> {
  return lintTexts(await imagesOf(html)).map(({ rule }) => rule);
}

describe('what is found', () => {
  test.each<[string, string, LintRule[]]>([
    ['photo.jpg', 'photo.jpg', ['file-name']],
    ['IMG_1234', '/x/IMG_1234.jpg?w=3', ['file-name']],
    ['team-2024', 'team-2024.png', ['file-name']],
    ['DSC00042', 'other.png', ['file-name']],
    ['Screenshot 2026-01-02 at 10.11.12', 'a.png', ['file-name']],
    ['Paris', 'Paris.jpg', []],
    ['Image', 'a.png', ['placeholder']],
    ['TODO', 'a.png', ['placeholder']],
    ['A picture of a dog', 'a.png', ['lead-in']],
    ['A picture in a frame on a wall', 'a.png', []],
    ['x'.repeat(125), 'a.png', []],
    ['x'.repeat(126), 'a.png', ['too-long']],
    ['👨‍👩‍👧'.repeat(125), 'a.png', []],
    ['Two dogs run on a beach', 'a.png', []],
  ])('%s for %s', async (alt, src, expected) => {
    expect(await rulesFor(`<img src="${src}" alt="${alt}">`)).toEqual(expected);
  });

  test('texts of different images that are the same, and of the figure', async () => {
    expect(await rulesFor('<img src="a" alt="A dog"><img src="b" alt="a  dog"><img src="a" alt="A dog">')).toEqual([
      'repeated',
    ]);
    const figure =
      '<figure><img src="a.png" alt="The harbour at night"><figcaption>The harbour at night</figcaption></figure>';
    expect(await rulesFor(figure)).toEqual(['repeats-caption']);
  });

  test('neither decoration nor what is computed', async () => {
    const images = await imagesOf('<img src="a" alt=""><img src="b" alt="{{ x }}"><img src="c">');
    expect(lintTexts(images)).toEqual([]);
    expect(missingTexts(images).map(({ image }) => image.src)).toEqual(['c']);
  });
});

describe('reports', () => {
  const findings = async () => missingTexts(await imagesOf('<p>\n  <img src="ä,1.png">', 'a b/50%:x.html'));

  test('text and annotations', async () => {
    expect(textReport(await findings())).toBe(
      'a b/50%:x.html:2:3: ä,1.png: The image has no alternative text. [missing]\n',
    );
    expect(githubReport(await findings())).toBe(
      '::error file=a b/50%25%3Ax.html,line=2,col=3,title=alt text%3A missing::The image has no alternative text.\n',
    );
  });

  test('JSON and SARIF', async () => {
    const found = await findings();
    expect(JSON.parse(jsonReport(found))).toMatchObject([{ rule: 'missing', line: 2, range: { start: 6, end: 26 } }]);
    const log = JSON.parse(sarifReport(found, '1.2.3'));
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'captioneer', version: '1.2.3' } } }],
    });
    const [result] = log.runs[0].results;
    expect(log.runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toContain(result.ruleId);
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'a%20b/50%25%3Ax.html' },
      region: { startLine: 2, startColumn: 3, byteOffset: 6, byteLength: 20 },
    });
  });
});
