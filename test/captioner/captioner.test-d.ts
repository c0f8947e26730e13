import { expectTypeOf, test } from 'vitest';
import { Captioner, type CaptionResult } from '../../src/index.js';
import { Captioner as NeutralCaptioner } from '../../src/index.browser.js';

test('what load and caption take and give', () => {
  expectTypeOf(Captioner.load).parameter(0).toExtend<string | URL | Readonly<Record<string, unknown>> | undefined>();
  expectTypeOf(Captioner.load).returns.resolves.toEqualTypeOf<Captioner>();
  expectTypeOf<Captioner['caption']>().returns.resolves.toEqualTypeOf<CaptionResult>();
  expectTypeOf<Captioner>().toExtend<AsyncDisposable>();
  expectTypeOf<NeutralCaptioner<number>['caption']>().parameter(0).toEqualTypeOf<number>();
  // @ts-expect-error an option that does not exist
  void ((captioner: Captioner) => captioner.caption('a.jpg', { beams: 3 }));
  // @ts-expect-error a number is no picture
  void ((captioner: Captioner) => captioner.caption(3));
});
