import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { captioneer } from '../cli/built-command.js';
import { checkpointFiles } from './checkpoints.js';
import { startHub } from './support.js';

const PICTURE = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
const MODEL = { 'tiny/vit-gpt2': { files: checkpointFiles('vit') } };

test('processes that load one model at once fetch each of its files once', async () => {
  const { hub, home } = await startHub(MODEL);
  const args = ['--model', 'tiny/vit-gpt2', '--dtype', 'q8', PICTURE];
  const ended = await Promise.all([1, 2, 3].map(() => captioneer(args, { cwd: home })));
  expect(ended.map(({ stderr }) => stderr)).toEqual(['', '', '']);
  expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1);
  const whole = hub.seen.filter(({ path, range }) => !path.startsWith('/api/') && range === undefined);
  const contents = whole.filter(({ host, path }) => host === 'storage' || path.endsWith('config.json'));
  expect(new Set(contents.map(({ path }) => path)).size).toBe(contents.length);
  const blobs = await readdir(join(home, 'hub', 'models--tiny--vit-gpt2', 'blobs'));
  expect(blobs.filter((name) => name.includes('partial'))).toEqual([]);
});

test('a missing kind of weights, or a model that is not there, is said in one line', async () => {
  const { 'onnx/encoder_model_q4.onnx': _, ...files } = MODEL['tiny/vit-gpt2'].files;
  const { home } = await startHub({ 'tiny/vit-gpt2': { files } });
  const missing = await captioneer(['--model', 'tiny/vit-gpt2', '--dtype', 'q4', PICTURE], { cwd: home });
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toMatch(
    /^captioneer: the model cannot be loaded: .*onnx\/encoder_model_q4\.onnx.*fp32, fp16, q8.*\n$/,
  );
  const unknown = await captioneer(['--model', 'tiny/unknown', PICTURE], { cwd: home });
  expect(unknown).toMatchObject({ code: 3, stdout: '' });
  const kind = await captioneer(['--model', 'tiny/vit-gpt2', '--dtype', 'fp8', PICTURE], { cwd: home });
  expect(kind.code).toBe(2);
  expect(kind.stderr).toMatch(/^captioneer: --dtype must be 'fp32', .* not "fp8"/);
  const detail = await captioneer(['--model', 'tiny/vit-gpt2', '--dtype', 'q8', '--detail', 'paragraph', PICTURE], {
    cwd: home,
  });
  expect(detail).toMatchObject({ code: 2, stdout: '' });
  expect(detail.stderr).toMatch(/^captioneer: --detail: .* captions of one kind\. Leave out --detail, or load/);
});
