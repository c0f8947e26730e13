import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli/run.js';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { openModel } from '../../src/model/index.js';
import { DEFAULT_MODEL } from '../model/model-folder.js';
import { fakeIo } from './fake-io.js';

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'captioneer-copy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('the built-in model is copied whole, and loads from there', async () => {
  const folder = join(await freshFolder(), 'public', 'model');
  const { io, stdout, stderr } = fakeIo();
  expect(await run(['copy-model', folder], io)).toBe(0);
  expect(stderr.text).toBe('');
  expect(stdout.text).toMatch(/^\d+ files, \d+\.\d MB: .*model\n$/);
  expect((await readdir(folder)).sort()).toEqual(
    expect.arrayContaining(['captioneer.json', 'encoder.onnx', 'README.md']),
  );
  for (const name of await readdir(folder)) {
    expect(Buffer.compare(await readFile(join(folder, name)), await readFile(join(DEFAULT_MODEL, name))), name).toBe(0);
  }
  const model = await openModel(nodePlatform(), folder);
  await model.release();
});

test('another model is named; what is not a model folder is an error', async () => {
  const folder = await freshFolder();
  const { io, stderr } = fakeIo();
  expect(await run(['copy-model', '--model', DEFAULT_MODEL, join(folder, 'copy')], io)).toBe(0);
  expect(await run(['copy-model', '--model', folder, join(folder, 'other')], io)).toBe(3);
  expect(stderr.text).toMatch(
    /^captioneer: the model cannot be copied: .* has no captioneer\.json: it is not a model folder/,
  );
  expect(await run(['copy-model'], io)).toBe(2);
});
