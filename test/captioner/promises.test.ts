import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Captioner as NeutralCaptioner } from '../../src/captioner/captioner.js';
import { Captioner, DisposedError, ImageUnreadableError, InvalidArgumentError } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { modelBuffers } from '../model/model-folder.js';
import { picture } from './pictures.js';

const CAT = picture('cat');
const captioner = await Captioner.load();
afterAll(() => captioner.dispose());
const { text: CAT_TEXT } = await captioner.caption(CAT);

describe('one bad item never ends a batch', () => {
  const bad: readonly unknown[] = [
    undefined,
    null,
    '',
    42,
    true,
    'ftp://example.org/a.jpg',
    'data:image/png;base64,!',
    {},
    [],
    new Uint8Array(0),
    '/no/such/picture.jpg',
    { data: new Uint8Array(5), width: 2, height: 1, channels: 3 },
    { data: new Uint8Array(0), width: 99_999_999, height: 99_999_999, channels: 3 },
    new URL('blob:https://example.org/x'),
  ];

  test('whatever is wrong with it; each outcome says which input it is of', async () => {
    const sources = [CAT, ...bad, CAT];
    const outcomes = [];
    for await (const outcome of captioner.captionAll(sources as string[])) outcomes.push(outcome);
    expect(outcomes.map(({ index }) => index)).toEqual(sources.map((_, index) => index));
    outcomes.forEach(({ source }, index) => expect(source).toBe(sources[index]));
    for (const outcome of outcomes) {
      if (outcome.source === CAT) expect(outcome).toMatchObject({ status: 'fulfilled', value: { text: CAT_TEXT } });
      else expect(outcome).toMatchObject({ status: 'rejected', reason: { code: expect.any(String) as string } });
    }
  });

  test.each([
    ['unknown', { beams: 3 }],
    ['wrong', { maxPixels: 'many' }],
    ['of the reading', { background: [0, 0] }],
    ['contradicting', { strategy: 'greedy', temperature: 0.5 }],
    [
      'wrong in the search',
      { logitsProcessors: [{ name: 'nan', process: (logits: Float32Array) => logits.fill(NaN) }] },
    ],
  ])('an option that is %s does', async (_, options) => {
    const read = async () => {
      for await (const outcome of captioner.captionAll([CAT], options as never)) expect(outcome).toBeUndefined();
    };
    await expect(read()).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test('an abort ends the wait for an image that never comes', async () => {
    const controller = new AbortController();
    async function* never() {
      yield CAT;
      await new Promise(() => undefined);
    }
    const read = async () => {
      for await (const _ of captioner.captionAll(never(), { signal: controller.signal, batchSize: 1 })) {
        setTimeout(() => controller.abort('enough'), 10);
      }
    };
    await expect(read()).rejects.toBe('enough');
  });
});

describe('the result of a stream', () => {
  test('comes when nobody reads the stream', async () => {
    expect((await captioner.stream(CAT).result).text).toBe(CAT_TEXT);
  });

  test('and the pieces are there for whoever reads it then', async () => {
    const stream = captioner.stream(CAT, { numBeams: 1 });
    const { text } = await stream.result;
    let read = '';
    for await (const piece of stream) read += piece;
    expect(read).toBe(text);
  });

  test('is asked for while the stream is read', async () => {
    const stream = captioner.stream(CAT, { numBeams: 1 });
    const [{ text }, read] = await Promise.all([
      stream.result,
      (async () => {
        let pieces = '';
        for await (const piece of stream) pieces += piece;
        return pieces;
      })(),
    ]);
    expect(read).toBe(text);
  });

  test('once asked for it comes though the loop is left', async () => {
    const stream = captioner.stream(CAT, { numBeams: 1 });
    const { result } = stream;
    for await (const _ of stream) break;
    expect((await result).finishReason).toBe('stop');
  });

  test('an AbortError if the loop was left before', async () => {
    const stream = captioner.stream(CAT, { numBeams: 1 });
    for await (const _ of stream) break;
    await expect(stream.result).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an error comes to both, and is no unhandled rejection in either', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const stream = captioner.stream('/no/such/picture.jpg');
    const read = async () => {
      for await (const _ of stream) expect.unreachable();
    };
    await expect(read()).rejects.toBeInstanceOf(ImageUnreadableError);
    await expect(stream.result).rejects.toBeInstanceOf(ImageUnreadableError);
    const alone = captioner.stream('/no/such/picture.jpg');
    await expect(alone.result).rejects.toBeInstanceOf(ImageUnreadableError);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('a second reader is an error', async () => {
    const stream = captioner.stream(CAT, { numBeams: 1 });
    for await (const _ of stream) break;
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/has one reader.*Call stream\(\) again/);
  });
});

describe('arguments that no compiler checked', () => {
  const wrong: readonly unknown[] = [null, 42, 'text', [], () => undefined, new AbortController().signal];

  test.each(wrong)('options that are %o', async (options) => {
    const calls: Promise<unknown>[] = [
      captioner.caption(CAT, options as never),
      captioner.stream(CAT, options as never).result,
      captioner.captionAll([CAT], options as never).next(),
      Captioner.load(undefined, options as never),
    ];
    for (const call of calls) {
      await expect(call).rejects.toThrow(InvalidArgumentError);
      await expect(call).rejects.toThrow(
        /^The options of (caption|stream|captionAll|load)\(\) must be an object, not /,
      );
    }
  });

  test.each([null, 42, true, [], '', () => undefined])('a model that is %o', async (source) => {
    await expect(Captioner.load(source as never)).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test.each([
    [{ dtype: 'q8' }, /^The first argument is the model, and the options come second: .*load\(undefined, \{ dtype/],
    [{ numThreads: 2 }, /options come second/],
    [{ 'captioneer.json': 3 }, /"captioneer\.json" must be a Uint8Array or an ArrayBuffer/],
  ])('%j in the place of the model', async (source, message) => {
    await expect(Captioner.load(source as never)).rejects.toThrow(InvalidArgumentError);
    await expect(Captioner.load(source as never)).rejects.toThrow(message);
  });

  test('options of loading that are of the wrong form, nested ones too', async () => {
    const options: readonly (readonly [object, string])[] = [
      [{ progress: 3 }, 'progress must be a function, not 3.'],
      [{ fetch: 3 }, 'fetch must be a function, not 3.'],
      [{ onWarning: {} }, 'onWarning must be a function, not an object.'],
      [{ numThreads: '2' }, 'numThreads must be an integer from 1 to 1024, not "2" (a string).'],
      [{ hub: 'https://example.org' }, 'hub must be an object, not "https://example.org" (a string).'],
      [{ hub: { url: 'example.org' } }, 'hub.url must be an http(s) URL, not "example.org".'],
      [{ hub: { tokn: 'x' } }, 'Unknown option "hub.tokn". Did you mean token?'],
      [{ limits: { maxImageByte: 1 } }, 'Unknown option "limits.maxImageByte". Did you mean maxImageBytes?'],
      [{ limits: { maxImageBytes: -1 } }, 'limits.maxImageBytes must be a number above 0, not -1.'],
      [{ session: { numThreads: 2 } }, 'Unknown option "session" of load(). The options are '],
      [{ device: 'gpu' }, "device must be 'auto', 'cpu', "],
    ];
    for (const [option, message] of options) {
      await expect(Captioner.load(undefined, option as never)).rejects.toThrow(message);
    }
  });

  test('parts that are missing', async () => {
    const Untyped = Captioner as unknown as new (...parts: unknown[]) => unknown;
    expect(() => new Untyped()).toThrow(InvalidArgumentError);
    expect(() => new Untyped()).toThrow(/Use "await Captioner\.load\(\)"/);
    await expect(openModel('x' as never)).rejects.toThrow(InvalidArgumentError);
    await expect(openModel('x' as never)).rejects.toThrow(/openModel\(\) takes a platform first/);
  });

  test.each([
    [{ numBeams: '3' }, 'numBeams must be an integer from 1 to 64, not "3" (a string).'],
    [{ numBeam: 3 }, 'Unknown option "numBeam" of caption(). Did you mean numBeams?'],
    [{ num_beams: 3 }, 'Unknown option "num_beams" of caption(). Did you mean numBeams?'],
    [{ dtype: 'q8' }, 'Unknown option "dtype" of caption(). It is an option of load().'],
    [{ prefix: 3 }, 'prefix must be a string, not 3.'],
    [{ bannedWords: 'dog' }, 'bannedWords must be an array of words or phrases, not "dog" (a string).'],
    [{ bannedWords: [3] }, 'each item of bannedWords must be a word or phrase, not empty, not 3.'],
    [{ timeoutMs: '3' }, 'timeoutMs must be a number above 0, not "3" (a string).'],
    [{ attention: 1 }, 'attention must be true or false, not 1.'],
    [{ signal: {} }, 'signal must be an AbortSignal, not an object.'],
  ])('%j', async (options, message) => {
    await expect(captioner.caption(CAT, options as never)).rejects.toThrow(message);
  });
});

test('strategies mean what people expect of their options', async () => {
  const greedy = await captioner.caption(CAT, { strategy: 'greedy', numBeams: 1 });
  expect(greedy.captions).toHaveLength(1);
  const several = await captioner.caption(CAT, { numCaptions: 7 });
  expect(several.captions).toHaveLength(7);
  const [one, again] = [
    await captioner.caption(CAT, { seed: 7, temperature: 2 }),
    await captioner.caption(CAT, { seed: 7, temperature: 2 }),
  ];
  expect(one.text).toBe(again.text);
});

describe('what comes back', () => {
  test('is small as JSON, and has attention as numbers if asked for', async () => {
    const plain = await captioner.caption(CAT);
    expect(JSON.stringify(plain).length).toBeLessThan(4000);
    expect(plain.tokens[0]).not.toHaveProperty('attention');
    const parsed = JSON.parse(JSON.stringify(plain)) as Record<string, unknown>;
    expect(parsed).toMatchObject({ text: CAT_TEXT, finishReason: 'stop' });
    expect(parsed).not.toHaveProperty('captions');
    const detailed = await captioner.caption(CAT, { attention: true, numCaptions: 2 });
    const json = JSON.parse(JSON.stringify(detailed)) as typeof detailed;
    expect(json.captions).toHaveLength(2);
    const { attention } = json.tokens[0]!;
    expect(attention).toHaveLength(49);
    expect(Array.from(attention!).reduce((sum, share) => sum + share)).toBeCloseTo(1, 2);
  });

  test('says why it ended', async () => {
    expect((await captioner.caption(CAT)).finishReason).toBe('stop');
    expect((await captioner.caption(CAT, { maxLength: 3 })).finishReason).toBe('length');
    const afterTwo = {
      name: 'after-two',
      shouldStop: ({ tokenIds }: { tokenIds: readonly number[] }) => tokenIds.length === 2,
    };
    expect((await captioner.caption(CAT, { stoppingCriteria: [afterTwo] })).finishReason).toBe('stopping-criterion');
  });

  test.each([
    [{ reviewThreshold: 0.6, nothingThreshold: 0.1 }, 0.7, 'confident'],
    [{ reviewThreshold: 0.6, nothingThreshold: 0.1 }, 0.5, 'review'],
    [{ reviewThreshold: 0.6, nothingThreshold: 0.1 }, 0.05, 'nothing-to-describe'],
    [{}, 0.51, 'confident'],
    [{}, 0.49, 'review'],
    [{}, 1e-6, 'review'],
  ])('with thresholds %j a confidence of %d is "%s"', async (thresholds, confidence, assessment) => {
    const intercept = Math.log(confidence / (1 - confidence));
    const calibration = { intercept, weights: {}, definition: 'for this test', baseRate: 0.5, ...thresholds };
    await using calibrated = await Captioner.load(modelBuffers((manifest) => (manifest.calibration = calibration)));
    const result = await calibrated.caption(CAT);
    expect(result.confidence).toBeCloseTo(confidence, 9);
    expect(result.assessment).toBe(assessment);
    expect(calibrated.manifest.calibration?.baseRate).toBe(0.5);
  });

  test('without a calibration there is no assessment', async () => {
    await using plain = await Captioner.load(modelBuffers((manifest) => delete manifest.calibration));
    expect(await plain.caption(CAT)).not.toHaveProperty('assessment');
  });
});

test('after dispose a batch ends', async () => {
  const other: NeutralCaptioner<string> = (await Captioner.load()) as never;
  await other.dispose();
  await expect(other.captionAll([CAT]).next()).rejects.toBeInstanceOf(DisposedError);
});
