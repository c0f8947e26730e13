import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  /** The signal that killed it, where one did. */
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started, and what is done to it meanwhile. */
export interface CommandOptions {
  /** Runs it as another user, which only root may do. */
  readonly as?: { readonly uid: number; readonly gid: number };
  readonly cwd: string;
  /** What standard input gives before it ends; undefined leaves it open and silent. */
  readonly input?: Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  /** Called once, at the start. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void | Promise<void>;
  /** Called once, when the first piece of standard output is there. */
  readonly onFirstOutput?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs the built command in a process of its own. */
export function captioneer(args: readonly string[], options: CommandOptions): Promise<Ended> {
  if (!existsSync(MAIN)) throw new Error(`There is no ${MAIN}. Run "npm run build" first.`);
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    ...options.as,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').once('data', () => options.onFirstOutput?.(child));
  child.stdout.on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined); // The command may end without reading it.
  if (options.input) child.stdin.end(options.input);
  return new Promise((resolve, reject) => {
    Promise.resolve(options.onStart?.(child)).catch(reject);
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      resolve({ code, killedBy, stdout, stderr });
    });
  });
}
