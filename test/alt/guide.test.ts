import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captioneer } from '../cli/built-command.js';
import { makeImage } from './make-image.js';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'captioneer-site-'));
  cpSync(fileURLToPath(new URL('fixtures/example-site', import.meta.url)), folder, { recursive: true });
  mkdirSync(join(folder, 'public/images'), { recursive: true });
  for (const [index, name] of ['cat.jpg', 'coffee.jpg', 'garden.jpg'].entries()) {
    writeFileSync(join(folder, 'public/images', name), await makeImage(index * 40));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const alt = (args: readonly string[], input?: string) =>
  captioneer(['alt', ...args], { cwd: folder, ...(input !== undefined && { input: Buffer.from(input) }) });
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

test('the steps of the guide, with the built command and its model', async () => {
  const before = await alt(['scan', 'src']);
  expect(before).toMatchObject({ code: 1 });
  expect(before.stdout.match(/\[missing\]/g)).toHaveLength(4);
  const lint = await alt(['lint', 'src']);
  expect(lint).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^src\/posts\/monday\.md:5:1: .*\[file-name\]\n$/),
  });

  const written = await alt(['write', 'src', '--quiet']);
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toMatch(/^4 images without alternative text in 3 files; 3 captioned in this run\.\n/);
  expect((await alt(['write', 'src', '--quiet'])).stdout).toMatch(/; 0 captioned in this run\.\n/);

  const texts = ['A "garden"', 'The cat', 'Menu', 'A cup of coffee'];
  expect(await alt(['review', '--terminal'], `${texts.join('\n')}\n`)).toMatchObject({ code: 0, stderr: '' });
  expect((await alt(['apply', '--dry-run'])).stdout).toContain('\n+![A cup of coffee](/images/coffee.jpg)\n');
  expect(await alt(['apply'])).toMatchObject({ code: 0, stderr: 'captioneer: 4 texts in 3 files written.\n' });
  expect(read('src/components/card.jsx')).toContain('<img src="/images/garden.jpg" alt={"A \\"garden\\""} />');
  expect(read('src/index.html')).toContain('<a href="menu.html"><img src="/images/coffee.jpg" alt="Menu" /></a>');
  expect(await alt(['scan', 'src', '--quiet'])).toMatchObject({ code: 0, stdout: '' });
});
