import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CAPTION_OPTIONS } from '../../src/captioner/caption-options.js';
import { clipFiles } from '../evaluation/clip-fixture.js';
import { checkpointFiles, florenceFiles } from '../hub/checkpoints.js';
import { TestHub } from '../hub/hub-server.js';
import { HUB_VARIABLES } from '../hub/support.js';
import { writeExported } from '../exporters/exported-files.js';
import { compileErrors, extractExamples, removeExamples } from './doc-examples.js';

const examples = extractExamples('docs/guides', 'node');
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'captioneer-guides-'));

/** Where the examples find the models of the hub. */
let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start({
    'owner/name': { files: checkpointFiles('vit') },
    'onnx-community/Florence-2-base-ft': { files: florenceFiles() },
    'Xenova/clip-vit-base-patch32': { files: clipFiles() },
  });
  for (const name of HUB_VARIABLES) vi.stubEnv(name, undefined);
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_HOME', folder);
  copyFileSync(fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url)), join(folder, 'photo.jpg'));
  writeExported('blip', join(folder, 'models', 'blip'));
  process.chdir(folder); // `photo.jpg` of the examples
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterAll(async () => {
  await hub.stop();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.chdir(home);
  rmSync(folder, { recursive: true });
  removeExamples('node');
});

test('there are examples, and they compile', () => {
  expect(examples.length).toBeGreaterThan(10);
  expect(compileErrors(examples)).toEqual([]);
});

describe('the example runs', () => {
  test.each(examples)('$name', async ({ module }) => {
    await import(/* @vite-ignore */ module);
  });
});

test('every option of a caption has its example', () => {
  const shown = examples.map(({ code }) => code).join('\n');
  expect(CAPTION_OPTIONS.filter((option) => !new RegExp(`\\b${option}\\b`).test(shown))).toEqual([]);
});
