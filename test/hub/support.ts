import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { ModelFiles, FindModelFilesOptions } from '../../src/core/index.js';
import { hubOfTest } from './hub-of-test.js';
import type { HubModel, TestHub } from './hub-server.js';

/** Variables that the library reads beside `HF_HOME` and `HF_ENDPOINT`. */
export const HUB_VARIABLES = [
  'HF_HUB_CACHE',
  'HUGGINGFACE_HUB_CACHE',
  'HF_TOKEN',
  'HF_TOKEN_PATH',
  'HF_HUB_OFFLINE',
  'XDG_CACHE_HOME',
];

/** An empty folder that lives as long as the test. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'captioneer-hub-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of the test: that hub, an empty cache, no token. */
export async function useHub(hub: { readonly url: string }): Promise<{ home: string }> {
  const home = await freshFolder();
  for (const name of HUB_VARIABLES) vi.stubEnv(name, undefined);
  vi.stubEnv('HF_HOME', home);
  vi.stubEnv('HF_ENDPOINT', `${hub.url}/`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { home };
}

/** A hub with these models, which the environment names, and an empty cache, as long as the test lives. */
export async function startHub(models: Readonly<Record<string, HubModel>>): Promise<{ hub: TestHub; home: string }> {
  const hub = await hubOfTest(models);
  return { hub, ...(await useHub(hub)) };
}

/** Limits under which the tests do not wait for long. */
const SHORT = { modelTimeoutMs: 2000, hubRetryWaitsMs: [10, 20] };

/** The files of a model, by a new platform. */
export function openFiles(
  id: string,
  options?: FindModelFilesOptions,
  limits: Partial<typeof SHORT> = {},
): Promise<ModelFiles> {
  return nodePlatform({ limits: { ...SHORT, ...limits } }).findModelFiles(id, options);
}

/** A platform, and the names of the graphs that it has opened. */
export function watchedPlatform() {
  const platform = nodePlatform();
  const opened: string[] = [];
  const createSession: typeof platform.createSession = (...args) => {
    opened.push(args[1]);
    return platform.createSession(...args);
  };
  return { platform: { ...platform, createSession }, opened };
}
