import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.js';
import { KNOWN_MODELS } from '../../src/model/index.js';
import { checkpointFiles } from '../hub/checkpoints.js';
import { startHub } from '../hub/support.js';
import { captioneer } from './built-command.js';
import { fakeIo } from './fake-io.js';

const IMAGE = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));

test('models lists the built-in model, the installed ones, and the names of the hub, with their sizes', async () => {
  const { io, stdout, stderr } = fakeIo();
  expect(await run(['models'], io)).toBe(0);
  expect(stderr.text).toBe('');
  const rows = stdout.lines.map((line) => line.split(/ {2,}/));
  expect(rows[0]).toEqual(['NAME', 'WHERE', 'SIZE', 'MEMORY', 'SPEED', 'QUALITY', 'WHAT IT IS', 'LICENCE']);
  expect(rows.every((row) => row.length === 8)).toBe(true);
  const where = Object.fromEntries(rows.slice(1).map(([name, place]) => [name, place]));
  expect(where).toMatchObject({ default: 'built-in', 'vit-gpt2': 'installed', 'vit-gpt2-a3ds': 'installed' });
  for (const name of Object.keys(KNOWN_MODELS)) expect(where[name]).toBe('hub');
  expect(where).toMatchObject({ blip: 'export', 'blip-large': 'export', git: 'export', 'git-large': 'export' });
  const blip = rows.find(([name]) => name === 'blip')!;
  expect(blip.slice(6)).toEqual([expect.stringContaining('(Salesforce/blip-image-captioning-base)'), 'BSD-3-Clause']);
  expect(rows[1]![2]).toMatch(/^\d+\.\d MB$/);
  const florence = rows.find(([name]) => name === 'florence-2')!;
  expect(florence.slice(2)).toEqual([
    '357 MB',
    '~1300 MB',
    'slow',
    'COCO CIDEr 1.400',
    expect.stringContaining('(onnx-community/Florence-2-base-ft)'),
    'MIT',
  ]);
  for (const [, , , memory, speed] of rows.slice(1)) {
    expect(memory).toMatch(/^~?\d+ MB$/);
    expect(['fast', 'medium', 'slow']).toContain(speed);
  }
});

test('pull loads the model that is named, once', async () => {
  const { io, calls, stdout } = fakeIo();
  expect(await run(['pull', '--dtype', 'fp16', 'distilvit'], io)).toBe(0);
  expect(calls.loaded).toMatchObject([{ model: 'distilvit', options: { dtype: 'fp16' } }]);
  expect(calls.disposed).toBe(1);
  expect(stdout.text).toBe('distilvit is ready.\n');
  expect(await run(['pull'], io)).toBe(2);
});

test('a model that has been pulled captions without a hub', async () => {
  const { hub, home } = await startHub({ 'tiny/vit-gpt2': { files: checkpointFiles('vit') } });
  const model = ['--dtype', 'q8'];
  expect(await captioneer(['pull', ...model, 'tiny/vit-gpt2'], { cwd: home })).toMatchObject({
    code: 0,
    stdout: 'tiny/vit-gpt2 is ready.\n',
  });
  const asked = hub.seen.length;
  const ended = await captioneer([...model, '--model', 'tiny/vit-gpt2', '--offline', IMAGE], { cwd: home });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(hub.seen.length).toBe(asked);
});
