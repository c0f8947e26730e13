import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const IMAGE = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
let folder: string;
let client: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'captioneer-mcp-'));
  writeFileSync(join(folder, 'a.html'), '<h1>Cats</h1><img src="cat.jpg"><img src="b.jpg" alt="">');
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp'], cwd: folder }));
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function call(name: string, given: Record<string, unknown>): Promise<{ isError: boolean; text: string }> {
  const { content, isError } = await client.callTool({ name, arguments: given });
  return { isError: isError === true, text: (content as { text: string }[])[0]!.text };
}

test('the built command describes an image and finds missing texts', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['describe_image', 'find_missing_alt_text']);
  const missing = await call('find_missing_alt_text', { paths: ['.'] });
  expect(JSON.parse(missing.text)).toEqual({
    count: 1,
    images: [{ file: 'a.html', line: 1, column: 14, tag: 'img', src: 'cat.jpg', heading: 'Cats' }],
  });
  const described = await call('describe_image', { path: IMAGE, proposals: 2 });
  const { text, proposals, needsReview } = JSON.parse(described.text);
  expect(text).toMatch(/\bcat\b.*\.$/i);
  expect(proposals).toHaveLength(2);
  expect(needsReview).toBe(false);
});

test('what cannot be done is an error of the tool, and the server goes on', async () => {
  expect(await call('describe_image', { path: 'nowhere.jpg' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('nowhere'),
  });
  expect(await call('describe_image', { path: 'a.html' })).toMatchObject({ isError: true });
  expect((await call('find_missing_alt_text', { paths: ['nowhere'] })).text).toMatch(/there is no such file/);
});
