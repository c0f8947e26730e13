import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/cli/run.js';
import { fakeIo } from '../cli/fake-io.js';

let folder: string;
const home = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captioneer-alt-'));
  process.chdir(folder);
  mkdirSync('site/posts', { recursive: true });
  mkdirSync('site/node_modules/x', { recursive: true });
  writeFileSync('site/index.html', '<img src="a.png"><img src="b.png" alt=""><img src="c.png" alt="IMG_0001">');
  writeFileSync('site/posts/one.md', '![](d.png)\n');
  writeFileSync('site/node_modules/x/a.html', '<img src="x.png">');
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

async function captioneer(...argv: string[]) {
  const { io, stdout, stderr } = fakeIo();
  return { code: await run(argv, io), stdout: stdout.text, stderr: stderr.text };
}

test('scan lists what is missing in a folder, and its exit code says whether there is any', async () => {
  expect(await captioneer('alt', 'scan', 'site')).toEqual({
    code: 1,
    stdout:
      'site/index.html:1:1: a.png: The image has no alternative text. [missing]\n' +
      'site/posts/one.md:1:1: d.png: The image has no alternative text. [missing]\n',
    stderr: 'captioneer: 2 of 4 images without alternative text, in 2 files searched.\n',
  });
  writeFileSync('fine.html', '<img src="a.png" alt="A dog.">');
  expect(await captioneer('alt', 'scan', 'fine.html', '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('lint finds poor texts; patterns and --exclude choose the files', async () => {
  const { code, stdout } = await captioneer('alt', 'lint', '-q', 'site/**/*');
  expect(code).toBe(1);
  expect(stdout).toBe(
    'site/index.html:1:42: c.png: The alternative text is the name of a file: "IMG_0001". [file-name]\n',
  );
  expect(await captioneer('alt', 'lint', '-q', 'site', '--exclude', '**/index.html')).toMatchObject({
    code: 0,
    stdout: '',
  });
});

test('reports for programs', async () => {
  const json = await captioneer('alt', 'scan', 'site', '--format', 'json');
  expect(JSON.parse(json.stdout)).toHaveLength(2);
  expect(json.stderr).toBe('');
  const sarif = await captioneer('alt', 'scan', 'site', '--format', 'sarif');
  expect(JSON.parse(sarif.stdout)).toMatchObject({ runs: [{ tool: { driver: { version: '1.2.3' } } }] });
  expect((await captioneer('alt', 'scan', 'site', '--format', 'github')).stdout).toMatch(
    /^::error file=site\/index\.html,line=1/,
  );
});

test('a file that cannot be read is told, and the others continue', async () => {
  writeFileSync('site/latin.html', Buffer.from([0x3c, 0xe4]));
  const { code, stdout, stderr } = await captioneer('alt', 'lint', 'site/latin.html', 'site/posts');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^captioneer: site\/latin\.html: it is not UTF-8\. Convert it/);
});

test('the working folder is searched if nothing is named', async () => {
  expect((await captioneer('alt', 'scan')).stdout).toBe((await captioneer('alt', 'scan', '.')).stdout);
  expect((await captioneer('alt', 'scan')).stdout).toMatch(/site\/index\.html:1:1/);
});

test('wrong command lines', async () => {
  expect(await captioneer('alt', 'scan', 'nowhere')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/nowhere: there is no such file/),
  });
  expect(await captioneer('alt', 'scan', 'site', '--format', 'xml')).toMatchObject({ code: 2 });
  expect((await captioneer('alt')).code).toBe(2);
});
