import { execFileSync, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from '../once.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A package manifest, as far as these tests read it. */
export interface PackageJson {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Where the repository has a package. */
function inRepository(name: string): string {
  return join(root, 'node_modules', name);
}

/** Packs captioneer into a folder, and unpacks it there: it is in `package`. */
function pack(folder: string): void {
  execFileSync(process.execPath, [join(root, 'scripts', 'pack.mjs'), folder, '--library'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', tarball!], { cwd: folder });
}

/** What a program did. */
export interface Outcome {
  /** The exit code; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An empty folder in which the packed tarball is installed, as a user has it: the packed files, and from the repository's
 * node_modules only what package.json lists under `dependencies`, and the runtime of this machine; what is optional is added
 * where it is wanted. Needs no network.
 */
export class PackedPackage implements Disposable {
  private constructor(
    /** The folder. */
    readonly folder: string,
    /** Where the package is, in the folder's node_modules. */
    readonly location: string,
    /** The packed package.json. */
    readonly manifest: PackageJson,
  ) {}

  static async install(): Promise<PackedPackage> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'captioneer-package-')));
    const modules = join(folder, 'node_modules');
    const location = join(modules, 'captioneer');
    mkdirSync(modules);
    cpSync(join(await once('packed', pack), 'package'), location, { recursive: true });
    const manifest = JSON.parse(await readFile(join(location, 'package.json'), 'utf8')) as PackageJson;
    await writeFile(join(folder, 'package.json'), '{ "name": "user", "private": true }');
    const packed = new PackedPackage(folder, location, manifest);
    const runtimes = Object.keys(manifest.optionalDependencies).filter((name) => existsSync(inRepository(name)));
    for (const name of [...Object.keys(manifest.dependencies), ...runtimes]) packed.add(name);
    return packed;
  }

  /** Installs a package that the repository has. */
  add(name: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(inRepository(name), path, 'junction');
  }

  /** Whether a package is installed. */
  has(name: string): boolean {
    return existsSync(join(this.folder, 'node_modules', name));
  }

  /** Takes a package away. */
  remove(name: string): void {
    rmSync(join(this.folder, 'node_modules', name), { recursive: true });
  }

  /** What users import: `captioneer`, `captioneer/core`, … */
  get specifiers(): string[] {
    return (
      Object.keys(this.manifest.exports)
        // Neither files nor the script of a worker are modules that a program imports.
        .filter((subpath) => !/^\.\/(package\.json|models\/.*|worker\/thread)$/.test(subpath))
        .map((subpath) => `captioneer${subpath.slice(1)}`)
    );
  }

  /** Writes a file and runs Node on it. */
  async run(name: string, source: string): Promise<Outcome> {
    await writeFile(join(this.folder, name), source);
    return this.node(name);
  }

  /** Runs Node in the folder. */
  node(...args: string[]): Outcome {
    return runNode(this.folder, ...args);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs Node in a folder, without what a test runner puts there: a user's environment has no NODE_OPTIONS of ours. */
export function runNode(folder: string, ...args: [SpawnSyncOptions, ...string[]] | string[]): Outcome {
  const { NODE_OPTIONS: _options, NODE_ENV: _env, VITEST: _vitest, ...env } = process.env;
  const [first, ...others] = args;
  const options = typeof first === 'object' ? first : {};
  const words = typeof first === 'string' ? [first, ...others] : others;
  const { status, stdout, stderr } = spawnSync(process.execPath, words as string[], {
    cwd: folder,
    env,
    ...options,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
