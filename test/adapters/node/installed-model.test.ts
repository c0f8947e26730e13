import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { isPackageName } from '../../../src/adapters/node/models/installed-model.js';
import { failure } from './support.js';

const platform = nodePlatform();
const before = process.cwd();
let root: string;

/** Writes an installed package whose code must not run. */
async function install(name: string, manifest: object, hasModel: boolean): Promise<void> {
  const folder = join(root, 'node_modules', name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...manifest }),
  );
  await writeFile(join(folder, 'index.js'), 'process.exit(1);');
  if (hasModel) await writeFile(join(folder, 'captioneer.json'), '{}');
}

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'captioneer-installed-')));
  const open = { exports: { '.': './index.js', './captioneer.json': './captioneer.json' } };
  await install('@captioneer/tiny', open, true);
  await install('@captioneer/both', open, true);
  await install('both', {}, true);
  await install('@someone/model', {}, true);
  await install('tool', {}, false);
  await install('closed', { exports: './index.js' }, true);
  await install('@captioneer/broken', open, false);
  await install('shadowed', {}, true);
  await mkdir(join(root, 'shadowed'));
  await mkdir(join(root, 'inner'));
  process.chdir(join(root, 'inner'));
});
afterAll(async () => {
  process.chdir(before);
  await rm(root, { recursive: true });
});

describe('an installed model is found', () => {
  test.each([
    ['@captioneer/tiny', '@captioneer/tiny'],
    ['tiny', '@captioneer/tiny'],
    ['both', 'both'],
    ['@captioneer/both', '@captioneer/both'],
    ['@someone/model', '@someone/model'],
  ])('%s: the package %s', async (name, expected) => {
    expect((await platform.findModelFiles(name)).location).toBe(join(root, 'node_modules', expected));
  });

  test('but a folder of that name comes first', async () => {
    expect((await platform.findModelFiles('shadowed')).location).toBe(join(root, 'node_modules', 'shadowed'));
    process.chdir(root);
    expect((await platform.findModelFiles('shadowed')).location).toBe(join(root, 'shadowed'));
    process.chdir(join(root, 'inner'));
  });
});

describe('no model is found', () => {
  test.each([
    ['no-such-model', '@captioneer/no-such-model'],
    ['@captioneer/no-such-model', '@captioneer/no-such-model'],
    ['@someone/else', '@someone/else'],
  ])('%s is not installed: the message says how to install it', async (name, own) => {
    const error = await failure(platform.findModelFiles(name));
    expect(error).toMatchObject({ name: 'ModelFileError', file: name });
    expect(error.message).toContain(`No model "${name}" was found: neither a folder, nor an installed package`);
    expect(error.message).toContain(`(npm install ${own})`);
  });

  test.each([
    ['tool', 'The installed package "tool" is not a model.*npm install @captioneer/tool'],
    ['closed', 'The installed package "closed" is not a model.*or does not export it'],
    [
      '@captioneer/broken',
      'The installed package "@captioneer/broken" is not a model.*Give the name of a model package',
    ],
    ['broken', 'The installed package "@captioneer/broken" is not a model'],
  ])('%s is a package without a model', async (name, message) => {
    const error = await failure(platform.findModelFiles(name));
    expect(error.name).toBe('ModelFileError');
    expect(error.message).toMatch(new RegExp(message));
  });

  test.each(['./tiny', '../tiny', '/tiny', 'a/b', 'Tiny', '.tiny', '@captioneer', 'a b', 'C:tiny', ''])(
    '%j is no package name',
    (name) => {
      expect(isPackageName(name)).toBe(false);
    },
  );
});
