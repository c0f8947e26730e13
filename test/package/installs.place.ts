import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, type TestContext } from 'vitest';
import type { PackageJson } from './packed-package.js';
import { CAPTION, Project } from './project.js';

const registry = inject('registry');
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as PackageJson;

/** A package manager: the package that has it, where that has its program, and what it needs to be told. */
interface Manager {
  readonly name: string;
  readonly package: string;
  readonly program: string;
  readonly install: readonly string[];
  /** What comes before a script to run it; `$` is the program. */
  readonly node: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the project. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * For Yarn captioneer is the address of its tarball, and all else comes from where it is at home: from another registry the folders
 * of packages without node_modules have other names, by which sharp's libraries do not find one another.
 */
const YARN_SETTINGS = [
  `npmRegistryServer: "${inject('upstream')}"`,
  `npmScopes: { captioneer: { npmRegistryServer: "${registry}" } }`,
  'unsafeHttpWhitelist: ["127.0.0.1"]',
  'enableGlobalCache: false',
  'enableImmutableInstalls: false',
  'enableTelemetry: false',
];
const YARN_PACKAGE = JSON.stringify({ dependencies: { captioneer: `${registry}captioneer-${version}.tgz` } });
const yarnFiles = (linker: string) => ({
  '.yarnrc.yml': [...YARN_SETTINGS, `nodeLinker: ${linker}`].join('\n'),
  'yarn.lock': '',
  'package.json': YARN_PACKAGE,
});
const yarn = { package: '@yarnpkg/cli-dist@4', program: '.bin/yarn', install: ['install'] };

const MANAGERS: readonly Manager[] = [
  {
    name: 'pnpm',
    package: 'pnpm@10',
    program: '.bin/pnpm',
    install: ['install', '--store-dir=.store'],
    node: ['node'],
  },
  {
    ...yarn,
    name: 'yarn, with node_modules',
    node: ['node'],
    files: yarnFiles('node-modules'),
  },
  {
    ...yarn,
    name: "yarn, with Plug'n'Play",
    node: ['$', 'node'],
    files: yarnFiles('pnp'),
  },
  {
    name: 'Bun, which also runs it',
    package: 'bun@1',
    program: `@oven/bun-${process.platform}-${process.arch}/bin/bun`,
    install: ['install', '--cache-dir=.cache'],
    node: ['$'],
  },
  {
    name: 'Deno, which also runs it',
    package: 'deno@2',
    program: '.bin/deno',
    install: ['install'],
    node: ['$', 'run', '--allow-all'],
    env: { DENO_DIR: '.deno', DENO_TLS_CA_STORE: 'system,mozilla' },
  },
];

/** Package managers that npm has installed. */
let tools: Project;

beforeAll(() => {
  tools = new Project([], registry);
  tools.write('package.json', '{ "private": true }');
});
afterAll(() => tools[Symbol.dispose]());

/** A program that npm installs; skips the test, with the reason, if it cannot be had or does not run here. */
async function tool({ package: name, program }: Manager, context: TestContext): Promise<string> {
  const path = tools.path('node_modules', program);
  const install = ['npm', 'install', '--ignore-scripts', '--loglevel=error', name];
  const found = existsSync(path) ? undefined : await tools.run(install);
  if (found && found.status !== 0) context.skip(`${name} cannot be installed here: ${firstLine(found.stderr)}`);
  if (!existsSync(path)) context.skip(`${name} has no program for this system`);
  const { status, stdout, stderr } = await tools.run([path, '--version']);
  if (status !== 0) context.skip(`${name} does not run here: ${firstLine(stdout + stderr)}`);
  return path;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function newProject(files: Readonly<Record<string, string>> = {}): Project {
  const project = new Project(['install'], registry);
  onTestFinished(() => project[Symbol.dispose]());
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  return project;
}

describe('installed', () => {
  it('by npm: as ES module, as CommonJS, as command', async () => {
    const project = newProject();
    await project.install();
    const runtimes = readdirSync(project.path('node_modules', '@captioneer'));
    expect(runtimes).toEqual([expect.stringMatching(`^runtime-${process.platform}-${process.arch}$`)]);
    for (const command of [
      ['node', 'main.mjs'],
      ['node', 'main.cjs'],
      ['npx', 'captioneer', 'cat.jpg'],
    ])
      expect(await project.run(command)).toEqual({ status: 0, stdout: `${CAPTION}\n`, stderr: '' });
  });

  for (const manager of MANAGERS) {
    it(`by ${manager.name}: as ES module and as CommonJS`, async (context) => {
      const program = await tool(manager, context);
      const project = newProject(manager.files);
      const options = manager.env ? { env: manager.env } : {};
      await project.succeed([program, ...manager.install], options);
      const start = manager.node.map((word) => (word === '$' ? program : word));
      for (const script of ['main.mjs', 'main.cjs'])
        expect(await project.run([...start, script], options)).toEqual({
          status: 0,
          stdout: `${CAPTION}\n`,
          stderr: '',
        });
    });
  }
});
