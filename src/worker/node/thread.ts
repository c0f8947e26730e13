import { parentPort } from 'node:worker_threads';
import { Captioner } from '../../adapters/node/index.js';
import type { ModelSource } from '../../model/index.js';
import type { Request } from '../protocol.js';
import { serve } from '../serve.js';

// Runs in the worker thread.
const port = parentPort;
if (port) {
  serve(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => void port.on('message', (message: Request) => listener(message)),
    },
    (source, options) => Captioner.load(source as ModelSource, options),
    // The thread ends when nothing is left to do. It is not terminated: that would end a graph in the middle of its run.
    () => port.close(),
  );
}
