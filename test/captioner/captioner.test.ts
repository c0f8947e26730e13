import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Captioner, DisposedError, InvalidArgumentError } from '../../src/index.js';
import { picture } from './pictures.js';

const PICTURES = ['cat', 'coffee', 'astronaut', 'rocket'].map(picture);
const captioner = await Captioner.load();
afterAll(() => captioner.dispose());

test('a caption is a sentence, with the score of every word and where it looked', async () => {
  const result = await captioner.caption(PICTURES[0]!, { attention: true });
  expect(result.text).toMatch(/^[A-Z0-9].*[a-z]\.$/);
  expect(result.finishReason).toBe('stop');
  expect(result.captions[0]).toMatchObject({ text: result.text, score: result.score });
  expect(result.tokens.length).toBeGreaterThan(3);
  for (const { logProb, attention } of result.tokens) {
    expect(logProb).toBeLessThanOrEqual(0);
    expect(attention).toHaveLength(49);
    expect(attention!.reduce((total, share) => total + share)).toBeCloseTo(1, 3);
  }
  expect(result.timing.totalMs).toBeGreaterThan(result.timing.searchMs);
});

test('captions of different pictures differ', async () => {
  const texts = await Promise.all(PICTURES.map(async (path) => (await captioner.caption(path)).text));
  expect(new Set(texts).size).toBe(PICTURES.length);
});

test('captions at once say what they say one after another', async () => {
  const alone: string[] = [];
  for (const path of PICTURES) alone.push((await captioner.caption(path)).text);
  const together = await Promise.all([...PICTURES, ...PICTURES].map((path) => captioner.caption(path)));
  expect(together.map(({ text }) => text)).toEqual([...alone, ...alone]);
});

test('the same picture in every form gives the same caption', async () => {
  const path = PICTURES[1]!;
  const bytes = await readFile(path);
  const forms = [path, new URL(`file://${path}`), bytes, new Uint8Array(bytes), new Blob([new Uint8Array(bytes)])];
  const texts = await Promise.all(forms.map(async (form) => (await captioner.caption(form)).text));
  expect(new Set(texts).size).toBe(1);
});

describe('options', () => {
  test('several captions, best first', async () => {
    const { captions } = await captioner.caption(PICTURES[0]!, { numBeams: 4, numCaptions: 4 });
    expect(new Set(captions.map(({ text }) => text)).size).toBe(4);
    const scores = captions.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  test('a caption cut at its maximum is marked', async () => {
    const { finishReason, tokens } = await captioner.caption(PICTURES[0]!, { maxLength: 3 });
    expect(finishReason).toBe('length');
    expect(tokens).toHaveLength(3);
  });

  test('a banned word does not come', async () => {
    const { tokens } = await captioner.caption(PICTURES[0]!);
    const banned = tokens[1]!;
    const without = await captioner.caption(PICTURES[0]!, { bannedTokenIds: [banned.id] });
    expect(without.tokens.map(({ id }) => id)).not.toContain(banned.id);
  });

  test.each([
    [{ numBeams: 0 }, 'numBeams'],
    [{ numBeams: 2.5 }, 'numBeams'],
    [{ numCaptions: 65 }, 'numCaptions'],
    [{ maxLength: 1000 }, 'maxLength'],
    [{ lengthPenalty: Number.NaN }, 'lengthPenalty'],
    [{ maxPixels: -1 }, 'maxPixels'],
    [{ background: [0, 0] }, 'background'],
    [{ beams: 3 }, 'beams'],
  ])('%j is an error that names it, before the picture is read', async (options, argument) => {
    const caption = captioner.caption('/no/such/picture.jpg', options as never);
    await expect(caption).rejects.toSatisfy(
      (error) =>
        error instanceof InvalidArgumentError && error.argument === argument && error.message.includes(argument),
    );
  });
});

describe('stopping', () => {
  test('an abort between two words', async () => {
    const controller = new AbortController();
    let words = 0;
    const caption = captioner.caption(PICTURES[0]!, {
      signal: controller.signal,
      logitsProcessors: [
        {
          name: 'abort at the third word',
          process: () => {
            if (++words === 3) controller.abort(new Error('enough'));
          },
        },
      ],
      numBeams: 1,
    });
    await expect(caption).rejects.toThrow('enough');
    expect(words).toBe(3);
  });

  test('an abort before the start', async () => {
    await expect(captioner.caption(PICTURES[0]!, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    await expect(Captioner.load(undefined, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
  });

  test('captions under way end, then use is an error', async () => {
    const other = await Captioner.load();
    const underWay = other.caption(PICTURES[0]!);
    const disposed = other.dispose();
    await expect(other.caption(PICTURES[0]!)).rejects.toBeInstanceOf(DisposedError);
    await expect(underWay).resolves.toHaveProperty('finishReason', 'stop');
    await disposed;
    await other.dispose();
  });

  test('await using disposes', async () => {
    let kept: Captioner;
    {
      await using scoped = await Captioner.load();
      kept = scoped;
    }
    await expect(kept.caption(PICTURES[0]!)).rejects.toBeInstanceOf(DisposedError);
  });
});
