import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script without types
import { publishedManifest } from '../../scripts/published-package.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
interface Manifest {
  readonly version: string;
  readonly scripts?: Record<string, string>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

describe('nothing runs when the package is installed', () => {
  it('no package of ours has an install script', () => {
    const files = execFileSync('git', ['ls-files', '*package.json'], { cwd: root, encoding: 'utf8' }).split('\n');
    const ours = files.filter((name) => /^(package|packages\/.*|models\/.*)\/?(package)?\.json$/.test(name));
    expect(ours).toContain('package.json');
    for (const name of ours) {
      const { scripts = {} } = JSON.parse(read(name)) as Manifest;
      expect(Object.keys(scripts).filter((script) => /^(pre|post)?install$/.test(script))).toEqual([]);
    }
    // `prepare` builds a checkout; the published package has no scripts at all.
    expect((publishedManifest as (of: object) => object)(manifest)).not.toHaveProperty('scripts');
  });

  it('no package that users get with it has one', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
    };
    const installed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && !dev);
    expect(installed.length).toBeGreaterThan(3);
    // msgpackr-extract is of bullmq, an optional peer; npm builds it if it may, and does without it.
    expect(
      installed.filter(([name, { hasInstallScript }]) => hasInstallScript && !name.endsWith('msgpackr-extract')),
    ).toEqual([]);
  });
});

describe.skipIf(!existsSync('/bin/bash'))('the action for workflows (skipped without bash)', () => {
  const script = /run: \|\n([^]*)$/.exec(read('action.yml'))![1]!.replace(/^ {8}/gm, '');
  /** What the action gives to npx, one argument a line. */
  function run(env: Record<string, string>): { status: number | null; output: string } {
    const folder = mkdtempSync(join(tmpdir(), 'captioneer-action-'));
    try {
      writeFileSync(join(folder, 'npx'), '#!/bin/bash\nprintf "%s\\n" "$@"\n');
      chmodSync(join(folder, 'npx'), 0o755);
      const { status, stdout } = spawnSync('/bin/bash', ['-e', '-c', script], {
        env: { PATH: `${folder}:${process.env.PATH}`, VERSION: '1.2.3', ...env },
        encoding: 'utf8',
      });
      return { status, output: stdout };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('gives patterns and values as they are, none of them to a shell', () => {
    const { status, output } = run({ COMMAND: 'lint', FILES: 'src/**/*.md $(exit 7) *.json' });
    expect(status).toBe(0);
    expect(output.trim().split('\n')).toEqual(
      '--yes --ignore-scripts captioneer@1.2.3 alt lint --format github -- src/**/*.md $(exit 7) *.json'.split(' '),
    );
  });

  it('refuses another command', () => {
    expect(run({ COMMAND: 'apply', FILES: '.' })).toEqual({
      status: 2,
      output: '::error::command must be lint or scan\n',
    });
  });
});
