import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../docs/docker/check.sh', import.meta.url));
const mayIsolate = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;

it.skipIf(!mayIsolate)(
  'the steps of the Dockerfile, as a user without rights and read-only (skipped without root)',
  async () => {
    const env = { ...process.env, NPM_CONFIG_REGISTRY: inject('registry'), PORT: '18081' };
    const { stdout } = await promisify(execFile)('bash', [SCRIPT, 'captioneer'], { env }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout.match(/^(?:holds|FAILS): .*$/gm)).toEqual([
      'holds: nothing can be written',
      'holds: HEALTHCHECK says healthy',
      'holds: POST /caption answers',
      'holds: SIGTERM ends it with exit code 0',
      'holds: HEALTHCHECK says unhealthy once it has ended',
    ]);
  },
);
