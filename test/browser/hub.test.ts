import { expect, onTestFinished, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { checkpointFiles, loadPictures, recorded } from '../hub/checkpoints.js';
import { TestHub, type HubModel } from '../hub/hub-server.js';
import type { TestPage } from './page-helpers.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];

async function startHub(models: Record<string, HubModel>): Promise<TestHub> {
  const hub = await TestHub.start(models);
  onTestFinished(() => hub.stop());
  return hub;
}
