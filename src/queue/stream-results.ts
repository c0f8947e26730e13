import type { Redis } from 'ioredis';
import { RuntimeError } from '../core/index.js';
import type { ResultStore } from './results.js';

/** Where a stream of results is. */
export interface StreamLocation {
  /** Address of the Redis server, such as `redis://localhost:6379`. */
  readonly redisUrl: string;
  /** Key of the stream. The ids of its results are in the set `<stream>:ids`. */
  readonly stream: string;
}

/** Both or none, and in one step: of two workers with the same image one adds to the stream. */
const ADD_ONCE = `
if redis.call('SADD', KEYS[2], ARGV[1]) == 1 then
  redis.call('XADD', KEYS[1], '*', 'id', ARGV[1], 'result', ARGV[2])
end`;

/**
 * Results as entries of a Redis stream, for programs that read them as they come (`XREAD`, `XREADGROUP`): fields `id` and `result`, a
 * line of JSON. An image has one entry, also after the stream has been trimmed.
 *
 * @throws RuntimeError if ioredis is not installed
 */
export async function streamResults({ redisUrl, stream }: StreamLocation): Promise<ResultStore> {
  const redis = await connect(redisUrl);
  const ids = `${stream}:ids`;
  return {
    has: async (id) => (await redis.sismember(ids, id)) === 1,
    write: async (id, result) => {
      await redis.eval(ADD_ONCE, 2, stream, ids, id, JSON.stringify(result));
    },
    close: async () => {
      await redis.quit();
    },
    onError: (listener) => void redis.on('error', listener),
  };
}

async function connect(redisUrl: string): Promise<Redis> {
  try {
    const ioredis = await import('ioredis');
    return new ioredis.Redis(redisUrl, { maxRetriesPerRequest: null });
  } catch (cause) {
    throw new RuntimeError('Streams need the packages bullmq and ioredis. Run "npm install bullmq ioredis".', {
      cause,
    });
  }
}
