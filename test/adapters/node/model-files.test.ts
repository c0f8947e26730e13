import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateDefaultModel } from '../../../src/adapters/node/models/default-model.js';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { deadUrl, failure, serve } from './support.js';

const platform = nodePlatform();
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const BAD_NAMES = [
  '../secret.txt',
  'onnx/../../secret.txt',
  '/etc/hostname',
  '',
  '.',
  'a//b',
  'a\\..\\b',
  'C:x',
  'x\0y',
  'http://a/b',
];

let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'captioneer-models-'));
  folder = join(root, 'a model #1');
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, 'captioneer.json'), '{}');
  await writeFile(join(folder, 'onnx', 'encoder.onnx'), 'graph');
  await writeFile(join(root, 'secret.txt'), 'secret');
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

describe('a folder', () => {
  test('as a path, a file: URL, and such a URL as a string', async () => {
    for (const source of [folder, `${folder}/`, pathToFileURL(folder), pathToFileURL(folder).href]) {
      const files = await platform.findModelFiles(source);
      expect(files.location).toBe(folder);
      expect(text(await files.read('captioneer.json'))).toBe('{}');
      expect(text(await files.read('onnx/encoder.onnx'))).toBe('graph');
    }
  });

  test('that is not there', async () => {
    const error = await failure(platform.findModelFiles('./captioneer-model-x'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: resolve('captioneer-model-x') });
    expect(error.message).toContain('no model folder "./captioneer-model-x"');
    expect(error.message).toContain(resolve('captioneer-model-x'));
  });

  test('that is a file', async () => {
    const error = await failure(platform.findModelFiles(join(folder, 'captioneer.json')));
    expect(error.name).toBe('ModelFileError');
    expect(error.message).toMatch(/captioneer\.json is a file\. Give the model folder/);
  });

  test('without the file', async () => {
    const files = await platform.findModelFiles(folder);
    const error = await failure(files.read('decoder.onnx'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: join(folder, 'decoder.onnx') });
    expect(error.message).toMatch(/the file does not exist/);
    expect(error.cause.code).toBe('ENOENT');
    expect((await failure(files.read('onnx'))).message).toMatch(/a folder, not a file/);
  });

  test('says whether it has a file, and where it lies', async () => {
    const files = await platform.findModelFiles(folder);
    expect(await files.has('onnx/encoder.onnx')).toBe(true);
    expect(await files.has('onnx')).toBe(false);
    expect(await files.has('decoder.onnx')).toBe(false);
    expect(await files.locate?.('onnx/encoder.onnx')).toBe(join(folder, 'onnx', 'encoder.onnx'));
    const error = await failure(files.locate!('decoder.onnx'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: join(folder, 'decoder.onnx') });
  });

  test.each(BAD_NAMES)('never reads outside: %j', async (name) => {
    const error = await failure((await platform.findModelFiles(folder)).read(name));
    expect(error).toMatchObject({ name: 'ModelFileError', file: name });
    expect(error.message).toMatch(/is not the name of a file in a model folder/);
  });

  test('follows links that its owner made', async () => {
    await symlink(join(root, 'secret.txt'), join(folder, 'linked.txt'));
    expect(text(await (await platform.findModelFiles(folder)).read('linked.txt'))).toBe('secret');
  });

  test('files within the limit only', async () => {
    const files = await nodePlatform({ limits: { maxModelFileBytes: 4 } }).findModelFiles(folder);
    expect(text(await files.read('captioneer.json'))).toBe('{}');
    expect((await failure(files.read('onnx/encoder.onnx'))).message).toMatch(/larger than the 4 bytes allowed/);
  });

  test('an abort reason comes back untouched', async () => {
    const files = await platform.findModelFiles(folder);
    const reason = { why: 'enough' };
    expect(await failure(files.read('captioneer.json', AbortSignal.abort(reason)))).toBe(reason);
    const controller = new AbortController();
    const failing = failure(files.read('captioneer.json', controller.signal));
    controller.abort(reason);
    expect(await failing).toBe(reason);
  });
});

describe('a URL', () => {
  test('files are asked for beneath it, with its query', async () => {
    const asked: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      asked.push(request.url);
      response.end('graph');
    });
    for (const source of [`${url}models/x`, new URL(`${url}models/x/`), `${url}models/x?token=1`]) {
      const files = await platform.findModelFiles(source);
      expect(text(await files.read('onnx/encoder model#1.onnx'))).toBe('graph');
    }
    const path = '/models/x/onnx/encoder%20model%231.onnx';
    expect(asked).toEqual([path, path, `${path}?token=1`]);
  });

  test('its location has no slash at the end', async () => {
    expect((await platform.findModelFiles('https://example.org/models/x/')).location).toBe(
      'https://example.org/models/x',
    );
    expect((await platform.findModelFiles('https://example.org')).location).toBe('https://example.org');
  });

  test.each([...BAD_NAMES, '%2e%2e/secret'])('never asks outside: %j', async (name) => {
    const asked: unknown[] = [];
    const fetch = async (url: unknown): Promise<Response> => {
      asked.push(url);
      return Promise.resolve(new Response('x'));
    };
    const files = await platform.findModelFiles('https://example.org/models/x', { fetch: fetch });
    await files.read(name).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'ModelFileError' });
    });
    for (const url of asked) expect(new URL(String(url)).pathname).toMatch(/^\/models\/x\/%252e/);
  });

  test('is asked whether it has a file', async () => {
    const { url } = await serve((request, response) => {
      const status = request.url === '/there' ? 200 : request.url === '/broken' ? 500 : 404;
      const type = request.url === '/page' ? 'text/html; charset=utf-8' : 'application/octet-stream';
      response.writeHead(request.url === '/page' ? 200 : status, { 'content-type': type }).end('content');
    });
    const files = await platform.findModelFiles(url);
    expect(await files.has('there')).toBe(true);
    expect(await files.has('missing')).toBe(false);
    expect(await files.has('page')).toBe(false); // what servers of applications answer for what they do not know
    expect(await failure(files.has('broken'))).toMatchObject({ name: 'FetchError', status: 500 });
    expect(files.locate).toBeUndefined();
  });

  test('progress tells of what comes, and of its length where the server does', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/known') response.end('content');
      else response.write('content', () => response.end());
    });
    const told: unknown[] = [];
    const files = await platform.findModelFiles(url, { progress: (progress) => told.push(progress) });
    await files.read('known');
    await files.read('unknown');
    expect(told).toEqual([
      { file: 'known', loadedBytes: 7, totalBytes: 7 },
      { file: 'unknown', loadedBytes: 7, totalBytes: undefined },
    ]);
  });

  test('a file of settings that is asked for and then read is fetched once', async () => {
    const asked: string[] = [];
    const { url } = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(request.url === '/captioneer.json' ? 200 : 404).end('{}');
    });
    const files = await platform.findModelFiles(url);
    expect(await files.has('captioneer.json')).toBe(true);
    expect(text(await files.read('captioneer.json'))).toBe('{}');
    expect(asked).toEqual(['/captioneer.json']);
    expect(text(await files.read('captioneer.json'))).toBe('{}'); // it may have changed meanwhile
    expect(asked).toHaveLength(2);
    expect(await files.has('config.json')).toBe(false);
  });

  test('the page that some servers answer with for what they do not know is told as such', async () => {
    const { url } = await serve((_request, response) => response.end('\n<!DOCTYPE html><title>An application</title>'));
    const files = await platform.findModelFiles(url);
    expect(await files.has('captioneer.json')).toBe(false);
    for (const name of ['captioneer.json', 'encoder.onnx']) {
      const error = await failure(files.read(name));
      expect(error).toMatchObject({ name: 'ModelFileError' });
      expect(error.message).toContain(`${url}${name} is a web page and not a file of a model`);
    }
  });

  test('the server knows who asks', async () => {
    const agents: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      agents.push(request.headers['user-agent']);
      response.end('{}');
    });
    const files = await platform.findModelFiles(url);
    await files.has('encoder.onnx');
    await files.read('captioneer.json');
    expect(agents).toEqual([expect.stringMatching(/^captioneer /), expect.stringMatching(/^captioneer /)]);
  });

  test('404', async () => {
    const { url } = await serve((_request, response) => response.writeHead(404).end());
    const error = await failure((await platform.findModelFiles(url)).read('captioneer.json'));
    expect(error).toMatchObject({ name: 'FetchError', status: 404, url: `${url}captioneer.json` });
  });

  test('nobody listens', async () => {
    const error = await failure((await platform.findModelFiles(await deadUrl())).read('captioneer.json'));
    expect(error).toMatchObject({ name: 'FetchError', status: undefined });
  });

  test('silence runs into the timeout; a slow answer does not', async () => {
    const { url } = await serve(async (request, response) => {
      if (request.url === '/silent') return;
      for (let piece = 0; piece < 6; piece += 1) {
        response.write('x');
        await sleep(200);
      }
      response.end();
    });
    const files = await nodePlatform({ limits: { modelTimeoutMs: 1000 } }).findModelFiles(url);
    expect(text(await files.read('slow'))).toBe('xxxxxx');
    const error = await failure(files.read('silent'));
    expect(error.name).toBe('FetchError');
    expect(error.message).toMatch(/(not a byte|silent or too slow) within 1000 ms .*raise (limits.)?modelTimeoutMs/);
  });

  test('more bytes than allowed', async () => {
    const { url } = await serve((_request, response) => response.end('x'.repeat(1000)));
    const error = await failure(
      (await nodePlatform({ limits: { maxModelFileBytes: 999 } }).findModelFiles(url)).read('a'),
    );
    expect(error).toMatchObject({ name: 'FetchError' });
    expect(error.message).toMatch(/more than the 999 bytes allowed/);
  });

  test('an abort reason comes back untouched', async () => {
    const controller = new AbortController();
    const reason = { why: 'enough' };
    const { url } = await serve(() => {
      controller.abort(reason);
    });
    expect(await failure((await platform.findModelFiles(url)).read('a', controller.signal))).toBe(reason);
  });
});

describe('the default model', () => {
  const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

  test('is found from the sources', async () => {
    expect((await platform.findModelFiles(undefined)).location).toBe(join(repository, 'models', 'default'));
  });

  test('is found in the installed package if a bundler has moved the code, as in addresses that are no files', async () => {
    const installed = join(root, 'node_modules', 'captioneer');
    await mkdir(join(installed, 'models', 'default'), { recursive: true });
    await writeFile(
      join(installed, 'package.json'),
      '{ "name": "captioneer", "exports": { "./models/*": "./models/*" } }',
    );
    await writeFile(join(installed, 'models', 'default', 'captioneer.json'), '{}');
    const asset = () => ({ 'captioneer.json': new URL('https://example.org/_next/captioneer.1234.json') });
    const locate = locateDefaultModel(asset, [join(root, 'nowhere', 'x.js'), join(root, 'app', 'bundle.js')]);
    expect(locate('encoder.onnx')).toBe(join(installed, 'models', 'default', 'encoder.onnx'));
  });

  test('is used where a bundler has put each of its files', async () => {
    const moved = join(root, 'captioneer.5678.json');
    await writeFile(moved, '{}');
    const locate = locateDefaultModel(() => ({ 'captioneer.json': pathToFileURL(moved) }), []);
    expect(locate('captioneer.json')).toBe(moved);
  });

  test('is missed with advice', () => {
    const nowhere = () => ({ 'captioneer.json': pathToFileURL(join(root, 'nowhere.json')) });
    expect(() => locateDefaultModel(nowhere, [])).toThrow(/leave "captioneer" out of the bundle/);
  });
});

describe('sources of no known form', () => {
  test.each(['', 'ftp://example.org/model', new URL('data:,x')])('%s', async (source) => {
    expect(await failure(platform.findModelFiles(source))).toMatchObject({
      name: 'InvalidArgumentError',
      argument: 'source',
    });
  });
});
