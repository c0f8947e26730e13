import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RawImage } from '../../../src/core/index.js';

/** Path of a picture of test/fixtures/pictures. */
export function picture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/pictures/${name}`, import.meta.url));
}

/** Path of a graph of test/fixtures/graphs. */
export function graph(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/graphs/${name}`, import.meta.url));
}

export type Rgb = readonly [number, number, number];

/** The colour at a place given in hundredths of width and height. */
export function colourAt({ data, width, height }: RawImage, left: number, top: number): Rgb {
  const at = (Math.floor((top / 100) * height) * width + Math.floor((left / 100) * width)) * 3;
  return [data[at] as number, data[at + 1] as number, data[at + 2] as number];
}

/** Colours of the middles of the four quarters: above left, above right, below left, below right. */
export function quarters(image: RawImage): Rgb[] {
  return [colourAt(image, 25, 25), colourAt(image, 75, 25), colourAt(image, 25, 75), colourAt(image, 75, 75)];
}

/** The largest difference between two lists of colours, in levels of 255. */
export function distance(found: readonly Rgb[], expected: readonly Rgb[]): number {
  return Math.max(...found.flat().map((level, index) => Math.abs(level - (expected.flat()[index] as number))));
}

/** What the tests look for in an error; it may be of any kind. */
export interface Failure extends Error {
  readonly source?: string;
  readonly cause: { readonly code?: string };
}

/** What an action throws. */
export function caught(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    return error as Failure;
  }
  throw new Error('Expected an error.');
}

/** What a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Failure> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error as Failure;
  }
  throw new Error(`Expected a rejection, got ${String(value)}.`);
}

export interface TestServer {
  /** Address with a slash at its end. */
  readonly url: string;
  /** Requests whose connection is still open and whose answer has not come to its end. */
  openRequests(): number;
}

/** A server on this machine that lives as long as the test. */
export async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<TestServer> {
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    openRequests: () => open,
  };
}

/** An address where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}
