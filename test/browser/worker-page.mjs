// The script of a page that captions in a worker.
import { Captioner } from 'captioneer/worker';

Object.assign(globalThis, { WorkerCaptioner: Captioner });
