import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackedPackage } from './packed-package.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const image = join(root, 'docs', 'images', 'cat.jpg');

describe('the packed package in a bundle for Node, by esbuild', () => {
  let packed: PackedPackage;

  beforeAll(async () => {
    packed = await PackedPackage.install();
  });

  afterAll(() => packed[Symbol.dispose]());

  async function bundle(contents: string, options: BuildOptions) {
    const result = await build({
      stdin: { contents, resolveDir: packed.folder },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      metafile: true,
      write: false as const,
      outdir: packed.folder,
      ...options,
    });
    expect(result.warnings).toEqual([]);
    return { metafile: result.metafile!, text: result.outputFiles![0]!.text };
  }

  it('toAltText alone brings no native file, and nothing of another package', async () => {
    const { metafile, text } = await bundle(`export { toAltText } from 'captioneer';`, {});
    const [output] = Object.values(metafile.outputs);
    const used = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    expect(used.filter(([name]) => !name.includes('node_modules/captioneer/dist/'))).toEqual([]);
    expect(text).not.toMatch(/sharp|onnxruntime|@captioneer|\.node\b/);
    expect(text.length).toBeLessThan(60_000);
  });

  it.each(['esm', 'cjs'] as const)('captions, as %s, with sharp left out', async (format) => {
    const { text } = await bundle(
      `import { Captioner } from 'captioneer';
      Captioner.load()
        .then((captioner) => captioner.caption(${JSON.stringify(image)}))
        .then(({ text }) => console.log(text));`,
      // What esbuild says of import.meta in CommonJS: it is known to be undefined there, and reckoned with.
      { format, external: ['sharp', 'heic-decode'], logOverride: { 'empty-import-meta': 'silent' } },
    );
    const outcome = await packed.run(`bundle.${format === 'esm' ? 'mjs' : 'cjs'}`, text);
    expect(outcome).toEqual({ status: 0, stdout: 'A tabby cat with orange eyes looks to the side.\n', stderr: '' });
  });

  it.each([
    ['esbuild', 'bin/esbuild'],
    ['rollup', 'dist/bin/rollup'],
  ])('is left out, as the guide says, of a bundle by %s', async (bundler, program) => {
    const here = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
    writeFileSync(join(packed.folder, 'server.js'), here('node-app/server.js'));
    writeFileSync(join(packed.folder, 'cat.jpg'), readFileSync(image));
    if (bundler === 'rollup') writeFileSync(join(packed.folder, 'rollup.config.mjs'), here('rollup/rollup.config.js'));
    const { scripts } = JSON.parse(here(`${bundler}/package.json`)) as { scripts: { build: string } };
    const [, ...args] = scripts.build.replace('--config', '--config rollup.config.mjs').split(' ');
    // esbuild's program may be a native one.
    const command = join(root, 'node_modules', bundler, program);
    const built =
      bundler === 'esbuild' ? spawnSync(command, args, { cwd: packed.folder }) : packed.node(command, ...args);
    expect(built.status, String(built.stderr)).toBe(0);
    renameSync(join(packed.folder, 'dist/server.js'), join(packed.folder, 'server.mjs'));
    const expected = { status: 0, stdout: 'A tabby cat with orange eyes looks to the side.\n', stderr: '' };
    expect(packed.node('server.mjs')).toEqual(expected);
  });

  it('says where it looked for the model if it is not there', async () => {
    const { text } = await bundle(
      `import { Captioner } from 'captioneer'; Captioner.load().catch(({ message }) => console.log(message));`,
      { external: ['sharp', 'heic-decode'] },
    );
    packed.remove('captioneer');
    const { status, stdout } = await packed.run('moved.mjs', text);
    expect(status).toBe(0);
    expect(stdout).toMatch(/leave "captioneer" out of the bundle/);
  });
});

it('the command holds no copy of the library, and the licences of what it does hold', () => {
  const folder = join(root, 'dist', 'cli');
  const text = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  expect(text).not.toContain('class CaptioneerError');
  for (const name of ['commander', 'tinyglobby', 'log-update']) expect(text).toMatch(new RegExp(`\\*! ${name}\\s`));
});
