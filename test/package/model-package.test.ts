import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyFolder } from '../model/tiny-models.js';
import { PackedPackage, runNode, type Outcome } from './packed-package.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const picture = join(root, 'docs', 'images', 'cat.jpg');

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32', stdio: 'pipe' });
}

/** A project with captioneer, and with a model package that the script made, packed, and npm installed offline. */
describe('a model package', () => {
  let packed: PackedPackage;
  let temporary: string;
  let model: string;
  let project: string;

  const run = (name: string, source: string): Outcome => {
    writeFileSync(join(project, name), source);
    return runNode(project, name);
  };
  /** Runs one of the repository's scripts. */
  const script = (name: string, folder: string): Outcome => runNode(root, join('scripts', name), folder);

  beforeAll(async () => {
    packed = await PackedPackage.install();
    temporary = realpathSync(mkdtempSync(join(tmpdir(), 'captioneer-model-')));
    model = join(temporary, 'tiny');
    cpSync(tinyFolder('clip-prefix'), model, { recursive: true });
    writeFileSync(join(model, 'README.md'), '# A tiny model with random weights\n');
    expect(script('create-model-package.mjs', model)).toMatchObject({ status: 0, stderr: '' });
    project = join(temporary, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "user", "private": true }');
    npm(model, 'pack', '--silent', '--pack-destination', temporary);
    const tarball = join(temporary, 'captioneer-tiny-clip-prefix-0.0.0.tgz');
    npm(project, 'install', '--offline', '--no-audit', '--no-fund', tarball);
    symlinkSync(packed.location, join(project, 'node_modules', 'captioneer'), 'junction');
  });

  afterAll(() => {
    packed[Symbol.dispose]();
    rmSync(temporary, { recursive: true, force: true });
  });

  it('holds the model, its entry, card and licence, and nothing else', () => {
    const [report] = JSON.parse(npm(model, 'pack', '--dry-run', '--json')) as { files: { path: string }[] }[];
    expect(report!.files.map(({ path }) => path).sort()).toEqual([
      'LICENSE',
      'README.md',
      'captioneer.json',
      'decoder.onnx',
      'encoder.onnx',
      'index.cjs',
      'index.d.cts',
      'index.d.ts',
      'index.js',
      'package.json',
      'tokenizer.json',
    ]);
  });

  it('passes the checks of published packages', () => {
    const check = script('check-package.mjs', model);
    expect(check).toMatchObject({ status: 0 });
    expect(check.stdout).toContain('All good');
  });

  it.each(['@captioneer/tiny-clip-prefix', 'tiny-clip-prefix'])('is loaded by its name: %s', (name) => {
    const outcome = run(
      'load.mjs',
      `import { Captioner } from 'captioneer';
      const captioner = await Captioner.load('${name}');
      const { text } = await captioner.caption(${JSON.stringify(picture)});
      console.log(captioner.manifest.name, text.length > 0);`,
    );
    expect(outcome).toEqual({ status: 0, stdout: 'tiny-clip-prefix true\n', stderr: '' });
  });

  it.each([
    [
      'entry.mjs',
      `import { modelFolder } from '@captioneer/tiny-clip-prefix'; import { Captioner } from 'captioneer';`,
    ],
    [
      'entry.cjs',
      `const { modelFolder } = require('@captioneer/tiny-clip-prefix'); const { Captioner } = require('captioneer');`,
    ],
  ])('is loaded from where its entry says: %s', (name, imports) => {
    const load = `Captioner.load(modelFolder).then(({ manifest }) => console.log(manifest.family));`;
    expect(run(name, `${imports}\n${load}`)).toEqual({ status: 0, stdout: 'clip-prefix\n', stderr: '' });
  });

  it('is used by the command', () => {
    const command = join(packed.location, packed.manifest.bin.captioneer ?? '');
    const outcome = runNode(project, command, '--model', 'tiny-clip-prefix', picture);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout.trim()).not.toBe('');
    const missing = runNode(project, command, '--model', 'tiny-vit', picture);
    expect(missing.status).toBe(3);
    expect(missing.stderr).toContain('npm install @captioneer/tiny-vit');
  });

  it('is made of a whole model only', () => {
    const broken = join(temporary, 'broken');
    cpSync(tinyFolder('vit-gpt2'), broken, { recursive: true });
    expect(script('create-model-package.mjs', broken)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('has no README.md') as string,
    });
    writeFileSync(join(broken, 'README.md'), '# Broken\n');
    writeFileSync(join(broken, 'decoder.onnx'), readFileSync(join(broken, 'decoder.onnx')).subarray(1));
    expect(script('create-model-package.mjs', broken)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cut short') as string,
    });
  });
});
