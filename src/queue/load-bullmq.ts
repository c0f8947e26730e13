import { RuntimeError } from '../core/index.js';

/** BullMQ, an optional peer. @throws RuntimeError that says how to install it */
export async function loadBullMq(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq');
  } catch (cause) {
    throw new RuntimeError('Queues need the packages bullmq and ioredis. Run "npm install bullmq ioredis".', { cause });
  }
}
