import { describe, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { platformContract } from '../../../src/testing/index.js';
import { picture } from './support.js';

const samples = ['quarters.jpg', 'quarters.png', 'quarters.webp', 'quarters.gif', 'quarters.avif', 'orientation-6.jpg'];
const [first, ...rest] = samples.map((name) => ({ name, source: picture(name), width: 48, height: 32 }));

describe('the Node platform keeps the contract of platforms', () => {
  const cases = platformContract({
    name: 'node',
    create: () => nodePlatform(),
    samples: [first!, ...rest],
    garbage: new Uint8Array(100).fill(7),
    missingModel: './no-such-folder',
  });
  for (const { name, skip, run } of cases) test(name, { skip: skip !== undefined }, run);
});
