import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../bench/soak.mjs', import.meta.url));

describe('the short form of the soak script (npm run soak is the long one)', () => {
  it.each(['captions', 'calls', 'aborts', 'loads', 'workers'])(
    '%s',
    async (part) => {
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--short', '--only', part]).catch(
        (error: unknown) => error as { stdout: string },
      );
      const { checks } = JSON.parse(stdout).parts[part] as { checks: Record<string, boolean> };
      expect(Object.keys(checks).length).toBeGreaterThan(2);
      expect(Object.entries(checks).filter(([, holds]) => !holds)).toEqual([]);
    },
    170_000,
  );
});
