import { expect, it, vi } from 'vitest';
import { RuntimeError } from '../../src/index.js';
import { Connection, type WorkerPort } from '../../src/worker/connection.js';
import { fromErrorMessage, toErrorMessage } from '../../src/worker/error-message.js';
import { FetchError, ImageTooLargeError } from '../../src/core/index.js';

it('a call that is under way when the worker ends is rejected, and so is the next one', async () => {
  let end: (cause: unknown) => void = () => undefined;
  const keepAlive = vi.fn<(isKept: boolean) => void>();
  const port: WorkerPort = {
    post: () => undefined,
    onMessage: () => undefined,
    onEnd: (listener) => (end = listener),
    keepAlive,
    terminate: () => undefined,
  };
  const connection = new Connection(port);
  const request = connection.request({ kind: 'caption', image: 'x', options: {} });
  expect(keepAlive).toHaveBeenLastCalledWith(true);
  end(new Error('out of memory'));
  await expect(request).rejects.toBeInstanceOf(RuntimeError);
  await expect(request).rejects.toMatchObject({ cause: new Error('out of memory') });
  expect(keepAlive).toHaveBeenLastCalledWith(false);
  expect(connection.hasEnded).toBe(true);
  await expect(connection.request({ kind: 'dispose' })).rejects.toBeInstanceOf(RuntimeError);
});

it.each([
  new ImageTooLargeError('x.png', 20, 30, 100),
  new FetchError('https://x.example/', 'No answer.', { status: 503, cause: new TypeError('reset') }),
])('an error that has been sent is the same error: $name', (error) => {
  const received = fromErrorMessage(structuredClone(toErrorMessage(error)));
  expect(received).toBeInstanceOf(error.constructor);
  expect(received).toMatchObject({ code: error.code, message: error.message, name: error.name });
  expect((received.cause as Error | undefined)?.message).toBe((error.cause as Error | undefined)?.message);
});
