import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PackageJson } from './packed-package.js';

/** A packed package. */
interface Tarball {
  readonly manifest: PackageJson & { readonly name: string };
  readonly bytes: Buffer;
}

/**
 * An npm registry on this machine with the tarballs of a folder, as if captioneer had been published; requests for any other
 * package are sent on to the registry that npm uses here.
 */
export class Registry {
  readonly #server: Server;
  readonly #tarballs: ReadonlyMap<string, Tarball>;
  /** The registry that npm uses here. */
  readonly upstream: string;

  private constructor(folder: string, upstream: string) {
    this.upstream = upstream;
    const names = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const tarballs = names.map((name): [string, Tarball] => {
      const path = join(folder, name);
      const manifest = execFileSync('tar', ['-xOzf', path, 'package/package.json'], { encoding: 'utf8' });
      return [name, { manifest: JSON.parse(manifest) as Tarball['manifest'], bytes: readFileSync(path) }];
    });
    this.#tarballs = new Map(tarballs);
    this.#server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname).slice(1);
      const tarball = this.#tarballs.get(path);
      const packument = this.#packument(path);
      if (tarball) {
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball.bytes);
      } else if (packument) {
        response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
        response.end(JSON.stringify(packument));
      } else if (request.method === 'GET' && !path.startsWith('@captioneer/')) {
        response.writeHead(302, { location: new URL((request.url ?? '/').slice(1), this.upstream).href }).end();
      } else {
        response.writeHead(404).end();
      }
    });
  }

  /** @param folder has the tarballs */
  static async start(folder: string): Promise<Registry> {
    const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: folder }).trim();
    const registry = new Registry(folder, upstream);
    await new Promise<void>((up) => registry.#server.listen(0, '127.0.0.1', up));
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((down) => this.#server.close(down));
  }

  /** What a registry says of a package; undefined for one that is not here. */
  #packument(name: string): object | undefined {
    const found = [...this.#tarballs].find(([, { manifest }]) => manifest.name === name);
    const version = found ? versionOf(...found, this.url) : this.#runtimeElsewhere(name);
    if (!version) return undefined;
    // Some package managers take no version that was published lately, or at an unknown time.
    const time = { [version.version]: '2020-01-01T00:00:00.000Z' };
    return { name, 'dist-tags': { latest: version.version }, versions: { [version.version]: version }, time };
  }

  /** The runtime of another platform, of which nothing is installed here: without its tarball. */
  #runtimeElsewhere(name: string): { version: string } | undefined {
    const library = [...this.#tarballs.values()].find(({ manifest }) => manifest.name === 'captioneer');
    const version = library?.manifest.optionalDependencies[name];
    const [, os, cpu] = /^@captioneer\/runtime-(\w+)-(\w+)$/.exec(name) ?? [];
    if (version === undefined || os === undefined) return undefined;
    const dist = { tarball: `${this.url}${name}.tgz`, shasum: '0'.repeat(40) };
    return Object.assign({ name, version, os: [os], cpu: [cpu], dist }, os === 'linux' && { libc: ['glibc'] });
  }
}

function versionOf(file: string, { manifest, bytes }: Tarball, url: string): { version: string } {
  const digest = (name: string) => createHash(name).update(bytes);
  const dist = {
    tarball: url + file,
    shasum: digest('sha1').digest('hex'),
    integrity: `sha512-${digest('sha512').digest('base64')}`,
  };
  return Object.assign({}, manifest, { dist });
}
