import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './packed-package.js';

const fixtures = fileURLToPath(new URL('.', import.meta.url));
const image = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));

/** What the default model says of the image in every project, `cat.jpg`. */
export const CAPTION = 'A tabby cat with orange eyes looks to the side.';

/** A program that takes longer is stopped. */
const MOST_MS = 400_000;

/** A copy of fixtures in an empty folder, where a user would have it: nothing of this repository is above it. */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'captioneer-place-')));
  readonly #registry: string;

  /** @param names folders beside this file; a later one wins */
  constructor(names: readonly string[], registry: string) {
    this.#registry = registry;
    for (const name of names) cpSync(join(fixtures, name), this.folder, { recursive: true });
    cpSync(image, this.path('cat.jpg'));
    this.write('expected.txt', CAPTION);
    this.write('.npmrc', `registry=${registry}\naudit=false\nfund=false\nupdate-notifier=false\n`);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  has(...names: string[]): boolean {
    return existsSync(this.path(...names));
  }

  read(...names: string[]): string {
    return readFileSync(this.path(...names), 'utf8');
  }

  write(name: string, text: string): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Runs a program in the folder, or below it. */
  run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const [program = '', ...args] = command;
    return run(program, args, { ...options, cwd: this.path(options.cwd ?? '.') }, this.#registry);
  }

  /** As `run`, for what has to succeed. Gives what it prints on standard output. */
  async succeed(command: readonly string[], options: RunOptions = {}): Promise<string> {
    const { status, stdout, stderr } = await this.run(command, options);
    if (status === 0) return stdout;
    throw new Error(`${command.join(' ')} ended with ${status}:\n${(stdout + stderr).slice(-4000)}`);
  }

  /** Starts a program that goes on, such as a server, and waits until it has printed something. `stop` ends it. */
  async start(command: readonly string[], until: RegExp, options: RunOptions = {}): Promise<{ stop(): Promise<void> }> {
    const [program = '', ...args] = command;
    const env = { ...environment(this.#registry), ...options.env };
    const child = spawn(program, args, { cwd: this.path(options.cwd ?? '.'), env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<void>((resolve) => void child.on('close', () => resolve()));
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        printed += chunk.toString();
        if (until.test(printed)) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('error', reject);
      child.on('close', () => reject(new Error(`${command.join(' ')} ended:\n${printed}`)));
    });
    return {
      stop: () => {
        child.kill();
        return ended;
      },
    };
  }

  /** Installs the packages by npm. */
  async install(): Promise<void> {
    await this.succeed(['npm', 'install', '--ignore-scripts', '--loglevel=error']);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface RunOptions {
  /** Default the project's folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The environment of a user: without what the test runner and `npm run` put there, and with caches that no other run has filled. */
function environment(registry: string): Record<string, string | undefined> {
  const ours = /^(npm_|NODE_(OPTIONS|ENV|PATH)$|VITEST|YARN_|INIT_CWD$|CI$|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  return { ...env, NO_UPDATE_NOTIFIER: '1', NEXT_TELEMETRY_DISABLED: '1', NPM_CONFIG_REGISTRY: registry };
}

function run(program: string, args: readonly string[], options: RunOptions, registry: string): Promise<Outcome> {
  const child = spawn(program, args, {
    ...options,
    env: { ...environment(registry), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    timeout: MOST_MS,
  });
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: stdout(), stderr: stderr() }));
  });
}

function text(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
