import { expectTypeOf, test } from 'vitest';
import type { Captioner as NeutralCaptioner } from '../../src/captioner/captioner.js';
import type { OnnxRuntimeModule } from '../../src/adapters/web/index.js';
import {
  Captioner as WebCaptioner,
  type ImageSource as WebImageSource,
  type LoadOptions as WebLoadOptions,
} from '../../src/index.browser.js';
import {
  Captioner,
  type CaptionOptions,
  type CaptionOutcome,
  type CaptionResult,
  type ImageSource as NodeImageSource,
} from '../../src/index.js';

test('what load and caption take and give', () => {
  expectTypeOf(Captioner.load).parameter(0).toExtend<string | URL | Readonly<Record<string, unknown>> | undefined>();
  expectTypeOf(Captioner.load).returns.resolves.toEqualTypeOf<Captioner>();
  expectTypeOf<Captioner['caption']>().parameter(0).toEqualTypeOf<NodeImageSource>();
  expectTypeOf<Captioner['caption']>().returns.resolves.toEqualTypeOf<CaptionResult>();
  expectTypeOf<Captioner>().toExtend<AsyncDisposable>();
  expectTypeOf<NeutralCaptioner<number>['caption']>().parameter(0).toEqualTypeOf<number>();
});

test('what they take and give in a browser', () => {
  expectTypeOf(WebCaptioner.load).parameter(0).toEqualTypeOf<Parameters<typeof Captioner.load>[0]>();
  expectTypeOf(WebCaptioner.load).returns.resolves.toEqualTypeOf<WebCaptioner>();
  expectTypeOf<WebCaptioner['caption']>().parameter(0).toEqualTypeOf<WebImageSource>();
  expectTypeOf<HTMLImageElement | HTMLCanvasElement | File | ImageData | ImageBitmap>().toExtend<WebImageSource>();
  expectTypeOf<{ dtype: 'q8'; runtime: { wasmUrl: string }; hub: { url: string } }>().toExtend<WebLoadOptions>();
  expectTypeOf<typeof import('onnxruntime-web/wasm')>().toExtend<OnnxRuntimeModule>();
});

test('a number is not an image, and options are those that exist', () => {
  expectTypeOf<number>().not.toExtend<NodeImageSource>();
  expectTypeOf<'beams'>().not.toExtend<keyof CaptionOptions>();
  expectTypeOf<'numBeams'>().toExtend<keyof CaptionOptions>();
  expectTypeOf<{ numBeams: string }>().not.toExtend<CaptionOptions>();
});

test('any combination of options is of their type; what contradicts is an error of the call', () => {
  expectTypeOf<{ strategy: 'sample'; temperature: number; seed: number }>().toExtend<CaptionOptions>();
  expectTypeOf<{ numBeams: number; requiredWords: string[] }>().toExtend<CaptionOptions>();
  expectTypeOf<{ numBeams: number; topK: number }>().toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'beem' }>().not.toExtend<CaptionOptions>();
});

test('a stream gives text, and captionAll outcomes', () => {
  expectTypeOf<Captioner['stream']>().returns.toExtend<AsyncIterable<string>>();
  expectTypeOf<ReturnType<Captioner['stream']>['result']>().resolves.toEqualTypeOf<CaptionResult>();
  expectTypeOf<Captioner['captionAll']>()
    .parameter(0)
    .toEqualTypeOf<Iterable<NodeImageSource> | AsyncIterable<NodeImageSource>>();
  expectTypeOf<Captioner['captionAll']>().returns.toExtend<AsyncIterable<CaptionOutcome<NodeImageSource>>>();
});
