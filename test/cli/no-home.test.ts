import { statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkpointFiles } from '../hub/checkpoints.js';
import { freshFolder, startHub } from '../hub/support.js';
import { captioneer } from './built-command.js';

// A user that is a number only, as in many containers: there is no HOME, and Node's os.homedir() throws.
const PICTURE = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
const MODEL = { 'tiny/vit-gpt2': { files: checkpointFiles('vit') } };
const HUB_MODEL = ['--model', 'tiny/vit-gpt2', '--dtype', 'q8', PICTURE];
const NO_HOMEDIR = `require('node:os').homedir = () => {
  throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
};
require('node:module').syncBuiltinESMExports();
`;

const isRoot = process.getuid?.() === 0;

/** Whether every user may read a folder, and go through those above it. */
function isOpenToAll(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o005) === 0o005;
  return isOpen && (dirname(path) === path || isOpenToAll(dirname(path)));
}

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'captioneer-no-home-'));
  const preload = join(folder, 'no-homedir.cjs');
  await writeFile(preload, NO_HOMEDIR);
  env = { HOME: undefined, USERPROFILE: undefined, NODE_OPTIONS: `--require "${preload}"` };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command without a home folder', () => {
  test('captions with the default model', async () => {
    for (const HF_HOME of [undefined, folder]) {
      const ended = await captioneer([PICTURE], { cwd: folder, env: { ...env, HF_HOME } });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toMatch(/cat/);
    }
  });

  test('captions with a model of the hub, kept in HF_HOME', async () => {
    const { home } = await startHub(MODEL);
    const ended = await captioneer(HUB_MODEL, { cwd: folder, env });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(home, 'hub'))).toContain('models--tiny--vit-gpt2');
  });

  test('says to set HF_HOME if a model of the hub has no folder to go to', async () => {
    await startHub(MODEL);
    const ended = await captioneer(HUB_MODEL, { cwd: folder, env: { ...env, HF_HOME: undefined } });
    expect(ended).toMatchObject({ stdout: '' });
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(/^captioneer: [^\n]*HF_HOME[^\n]*\n$/);
  });

  test('says so in one line if the cache cannot be made', async () => {
    await startHub(MODEL);
    await saysWhichFolder(await unwritable((path) => writeFile(path, '')));
  });

  test.skipIf(process.platform === 'win32' || (isRoot && !isOpenToAll(import.meta.dirname)))(
    'says so in one line if the cache is read-only',
    async () => {
      await startHub(MODEL);
      const path = await unwritable((cache) => mkdir(cache, { mode: 0o555 }).then(() => undefined));
      // Root may write everywhere, whatever the permissions say.
      await chmod(folder, 0o755);
      await chmod(dirname(path), 0o755);
      await saysWhichFolder(path, isRoot ? { uid: 65534, gid: 65534 } : undefined);
    },
    60_000,
  );
});

async function unwritable(make: (path: string) => Promise<void>): Promise<string> {
  const path = join(await freshFolder(), 'cache');
  await make(path);
  return path;
}

async function saysWhichFolder(HF_HOME: string, as?: { uid: number; gid: number }): Promise<void> {
  const ended = await captioneer(HUB_MODEL, { cwd: folder, env: { ...env, HF_HOME }, ...(as && { as }) });
  expect(ended).toMatchObject({ stdout: '' });
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/^captioneer: [^\n]*HF_(HOME|HUB_CACHE)[^\n]*\n$/);
}
