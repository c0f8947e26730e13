import { Captioner } from '../../adapters/web/index.js';
import type { ModelSource } from '../../model/index.js';
import type { Request } from '../protocol.js';
import { serve } from '../serve.js';

// Runs in the worker. A page's types are compiled here; of a worker's own globals these are used.
const scope = globalThis as unknown as {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
  close(): void;
};

serve(
  {
    post: (message) => scope.postMessage(message),
    onMessage: (listener) => scope.addEventListener('message', ({ data }) => listener(data)),
  },
  (source, options) => Captioner.load(source as ModelSource, options),
  () => scope.close(),
);
