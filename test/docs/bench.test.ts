import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What benchmarks write with `--write`: their results, and the page made of them. */
async function written(): Promise<string[]> {
  const results = (await readdir(join(ROOT, 'bench/results'))).map((name) => join('bench/results', name));
  return Promise.all(
    ['docs/benchmarks.md', ...results].map(async (path) => path + (await readFile(join(ROOT, path), 'utf8'))),
  );
}

test('a benchmark prints what it found, and leaves the repository as it was', async () => {
  const before = await written();
  const args = ['--expose-gc', 'bench/memory.mjs', '2'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  expect(JSON.parse(stdout)).toMatchObject({ rows: [{ count: 2 }, { count: 2 }] });
  await promisify(execFile)(process.execPath, ['bench/report.mjs'], { cwd: ROOT });
  expect(await written()).toEqual(before);
});
