import { beforeAll, test } from 'vitest';
import type { WebImageSource } from '../../src/adapters/web/index.js';
import { platformContract, type ContractCase, type PlatformContractOptions } from '../../src/testing/index.js';
import type { TestPage } from './page-helpers.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const testing: TestPage['testing'];
declare let cases: ContractCase[];

/** Only the names count here: the cases run in the page. */
const names = platformContract({ name: 'web', samples: [{}] } as unknown as PlatformContractOptions<WebImageSource>);

describeInBrowser('the web platform keeps the contract of platforms', ({ shared }) => {
  beforeAll(async () => {
    const page = await shared();
    await page.evaluate(() => {
      const files = [
        'quarters.jpg',
        'quarters.png',
        'quarters.webp',
        'quarters.gif',
        'quarters.avif',
        'orientation-6.jpg',
      ];
      const [first, ...rest] = files.map((name) => ({ name, source: `/pictures/${name}`, width: 48, height: 32 }));
      cases = testing.platformContract<WebImageSource>({
        name: 'web',
        create: () => captioneer.webPlatform({ runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' } }),
        samples: [first!, ...rest],
        garbage: new Uint8Array(100).fill(7),
        missingModel: new URL('/no-such-model/', location.href),
      });
    });
  });

  test.each(names.map(({ name }, index) => ({ name, index })))('$name', async ({ index }) => {
    await (await shared()).evaluate((at) => cases[at]!.run(), index);
  });
});
