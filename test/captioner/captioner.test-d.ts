import { expectTypeOf, test } from 'vitest';
import type { Captioner as NeutralCaptioner } from '../../src/index.browser.js';
import { Captioner, type CaptionOptions, type CaptionResult, type NodeImageSource } from '../../src/index.js';

test('what load and caption take and give', () => {
  expectTypeOf(Captioner.load).parameter(0).toExtend<string | URL | Readonly<Record<string, unknown>> | undefined>();
  expectTypeOf(Captioner.load).returns.resolves.toEqualTypeOf<Captioner>();
  expectTypeOf<Captioner['caption']>().parameter(0).toEqualTypeOf<NodeImageSource>();
  expectTypeOf<Captioner['caption']>().returns.resolves.toEqualTypeOf<CaptionResult>();
  expectTypeOf<Captioner>().toExtend<AsyncDisposable>();
  expectTypeOf<NeutralCaptioner<number>['caption']>().parameter(0).toEqualTypeOf<number>();
});

test('a number is no picture, and options are those that exist', () => {
  expectTypeOf<number>().not.toExtend<NodeImageSource>();
  expectTypeOf<'beams'>().not.toExtend<keyof CaptionOptions>();
  expectTypeOf<'numBeams'>().toExtend<keyof CaptionOptions>();
  expectTypeOf<{ numBeams: string }>().not.toExtend<CaptionOptions>();
});
