import { expectTypeOf, test } from 'vitest';
import type { Captioner as NeutralCaptioner } from '../../src/captioner/captioner.js';
import {
  Captioner as WebCaptioner,
  type OnnxRuntimeModule,
  type WebImageSource,
  type WebLoadOptions,
} from '../../src/index.browser.js';
import { Captioner, type CaptionOptions, type CaptionResult, type NodeImageSource } from '../../src/index.js';

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

test('a number is no picture, and options are those that exist', () => {
  expectTypeOf<number>().not.toExtend<NodeImageSource>();
  expectTypeOf<'beams'>().not.toExtend<keyof CaptionOptions>();
  expectTypeOf<'numBeams'>().toExtend<keyof CaptionOptions>();
  expectTypeOf<{ numBeams: string }>().not.toExtend<CaptionOptions>();
});

test('options that contradict each other are no options', () => {
  expectTypeOf<{ strategy: 'sample'; temperature: number; seed: number }>().toExtend<CaptionOptions>();
  expectTypeOf<{ numBeams: number; requiredWords: string[] }>().toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'beam-sample'; numBeams: number; topP: number }>().toExtend<CaptionOptions>();
  expectTypeOf<{ temperature: number }>().toExtend<CaptionOptions>();
  expectTypeOf<{ numBeams: number; topK: number }>().toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'greedy'; numBeams: 1 }>().toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'beam'; topK: number }>().not.toExtend<CaptionOptions>();
  expectTypeOf<{ numBeamGroups: number; topK: number }>().not.toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'sample'; numBeams: number }>().not.toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'greedy'; earlyStopping: true }>().not.toExtend<CaptionOptions>();
  expectTypeOf<{ strategy: 'beam-sample'; numBeamGroups: number }>().not.toExtend<CaptionOptions>();
});

test('a stream gives text, and captionAll outcomes', () => {
  expectTypeOf<Captioner['stream']>().returns.toExtend<AsyncIterable<string>>();
  expectTypeOf<ReturnType<Captioner['stream']>['result']>().resolves.toEqualTypeOf<CaptionResult>();
  expectTypeOf<Captioner['captionAll']>()
    .parameter(0)
    .toEqualTypeOf<Iterable<NodeImageSource> | AsyncIterable<NodeImageSource>>();
  expectTypeOf<Captioner['captionAll']>().returns.toExtend<AsyncIterable<PromiseSettledResult<CaptionResult>>>();
});
