import { onTestFinished } from 'vitest';
import { checkpointFiles } from './checkpoints.js';
import { TestHub, type HubModel } from './hub-server.js';

/** A hub with the tiny ViT-GPT2 `owner/name`, or with other models, which lives as long as the test. */
export async function hubOfTest(models?: Readonly<Record<string, HubModel>>): Promise<TestHub> {
  const hub = await TestHub.start(models ?? { 'owner/name': { files: checkpointFiles('vit') } });
  onTestFinished(() => hub.stop());
  return hub;
}
