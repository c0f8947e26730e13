import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import {
  ImageTooLargeError,
  ImageUnreadableError,
  InvalidArgumentError,
  ModelFileError,
  type ImageSource,
} from '../../src/index.js';
import { fakeIo, sentence, STATISTICS, withConfidence } from './fake-io.js';

describe('captions as text', () => {
  it('prints the caption alone for one picture', async () => {
    const { io, stdout, stderr, calls } = fakeIo();
    expect(await run(['a.jpg'], io)).toBe(0);
    expect(stdout.text).toBe('This is a.jpg.\n');
    expect(stderr.text).toBe('');
    expect(calls.disposed).toBe(1);
  });

  it('names the picture where there are several', async () => {
    const { io, stdout, calls } = fakeIo();
    expect(await run(['b.jpg', 'a.jpg'], io)).toBe(0);
    expect(stdout.lines).toEqual(['b.jpg: This is b.jpg.', 'a.jpg: This is a.jpg.']);
    expect(calls.loaded).toHaveLength(1);
  });

  it('prints all captions of a picture, best first', async () => {
    const { io, stdout } = fakeIo();
    await run(['--num-captions', '2', 'a.jpg'], io);
    expect(stdout.lines).toEqual(['This is a.jpg.', 'This is a.jpg, 2.']);
  });

  it('keeps a line a line, whatever a name or a caption holds', async () => {
    const { io, stdout } = fakeIo({ caption: () => sentence('a\nb') });
    await run(['x\u0007\ny.jpg', 'z.jpg'], io);
    expect(stdout.lines).toEqual(['x? y.jpg: This is a b.', 'z.jpg: This is a b.']);
  });
});

describe('the text in images', () => {
  it('is read by --read-text', async () => {
    const { io, stdout, calls } = fakeIo();
    expect(await run(['--read-text', 'a.jpg', 'b.jpg'], io)).toBe(0);
    expect(stdout.lines).toEqual(['a.jpg: This is what a.jpg says.', 'b.jpg: This is what b.jpg says.']);
    expect(calls.captioned).toEqual([]);
  });

  it.each(['--stream', '--alt', '--attention=maps', '--detail=short', '--gender=neutral', '--prompt=a'])(
    'has no %s',
    async (option) => {
      const { io, stderr } = fakeIo();
      expect(await run(['--read-text', option, 'a.jpg'], io)).toBe(2);
      expect(stderr.text).toContain(`--read-text: does not go together with ${option.split('=')[0]}`);
    },
  );
});

describe('captions word by word', () => {
  it('print a line each, with the picture named where there are several', async () => {
    const { io, stdout, calls } = fakeIo();
    expect(await run(['--stream', 'a.jpg', 'b.jpg'], io)).toBe(0);
    expect(stdout.lines).toEqual(['a.jpg: This is a.jpg.', 'b.jpg: This is b.jpg.']);
    expect(calls.disposed).toBe(1);
  });

  it('end their line where the picture fails, and the others go on', async () => {
    const { io, stdout, stderr } = fakeIo({
      caption: (image) => {
        if (image === 'a.jpg') throw new ImageUnreadableError('a.jpg', 'a.jpg: no picture.');
        return sentence(image);
      },
    });
    expect(await run(['--stream', 'a.jpg', 'b.jpg'], io)).toBe(1);
    expect(stdout.lines).toEqual(['b.jpg: This is b.jpg.']);
    expect(stderr.text).toContain('a.jpg: no picture.');
  });
});

describe('words and chance', () => {
  it('are passed to the library as its options', async () => {
    const { io, calls } = fakeIo();
    await run(['--prefix', 'a photo of', '--ban', 'man', '--ban', 'a dog', '--require', 'cat|kitten', 'a.jpg'], io);
    expect(calls.captioned[0]!.options).toMatchObject({
      prefix: 'a photo of',
      bannedWords: ['man', 'a dog'],
      requiredWords: [['cat', 'kitten']],
    });
    await run(['--sample', '--temperature', '0.8', '--top-p=0.9', '--seed', '7', '--num-captions', '4', 'a.jpg'], io);
    const { signal: _, ...options } = calls.captioned[1]!.options;
    expect(options).toEqual({ strategy: 'sample', temperature: 0.8, topP: 0.9, seed: 7, numCaptions: 4 });
  });

  it.each([
    [['--min-confidence', '2'], '--min-confidence: must be a number from 0 to 1, not 2'],
    [['--background', 'reddish'], '--background: must be white, black, grey or #rrggbb, not "reddish"'],
    [['--ban', ' '], 'a word or phrase is empty'],
    [['--stream', '--json'], '--stream: does not go together with --json'],
    [['--stream', '--num-captions', '2'], '--stream: prints one caption'],
  ])('%j is an error of usage', async (args, message) => {
    const { io, stderr } = fakeIo();
    expect(await run([...args, 'a.jpg'], io)).toBe(2);
    expect(stderr.text).toContain(message);
  });
});

describe('captions that the model is not sure of', () => {
  const unsure = (image: ImageSource): ReturnType<typeof sentence> => ({
    ...withConfidence(sentence(image), 0.2, 'review'),
  });
  const nothing = (image: ImageSource): ReturnType<typeof sentence> =>
    withConfidence(sentence(image), 0.01, 'nothing-to-describe');

  it('are marked, and counted on standard error', async () => {
    const { io, stdout, stderr } = fakeIo({
      caption: (image) => (image === 'a.jpg' ? unsure(image) : image === 'b.jpg' ? nothing(image) : sentence(image)),
    });
    expect(await run(['a.jpg', 'b.jpg', 'c.jpg'], io)).toBe(0);
    expect(stdout.lines).toEqual(['a.jpg: ? This is a.jpg.', 'b.jpg: ? nothing to describe', 'c.jpg: This is c.jpg.']);
    expect(stderr.text).toBe('captioneer: 2 of 3 captions are marked "?": the model is not sure. Check before use.\n');
  });

  it('are marked at their end in a stream', async () => {
    const { io, stdout, stderr } = fakeIo({ caption: unsure });
    expect(await run(['--stream', 'a.jpg'], io)).toBe(0);
    expect(stdout.lines).toEqual(['This is a.jpg. (?)']);
    expect(stderr.text).toBe('captioneer: the caption is marked "?": the model is not sure. Check before use.\n');
  });

  it('follow --min-confidence', async () => {
    const { io, stdout } = fakeIo({ caption: (image) => withConfidence(sentence(image), 0.7, 'confident') });
    await run(['--min-confidence', '0.8', 'a.jpg'], io);
    await run(['--min-confidence', '0.6', 'a.jpg'], io);
    expect(stdout.lines).toEqual(['? This is a.jpg.', 'This is a.jpg.']);
  });

  it('have their assessment in JSON, and no count with --quiet', async () => {
    const { io, stdout, stderr } = fakeIo({ caption: nothing });
    await run(['--json', 'a.jpg'], io);
    expect(JSON.parse(stdout.text)).toMatchObject({
      text: 'This is a.jpg.',
      confidence: 0.01,
      assessment: 'nothing-to-describe',
    });
    await run(['--quiet', 'a.jpg'], io);
    expect(stderr.text).toBe('');
  });
});

describe('captions as JSON Lines', () => {
  it('prints one object a picture', async () => {
    const { io, stdout } = fakeIo();
    expect(await run(['--json', 'a.jpg', 'b.jpg'], io)).toBe(0);
    expect(stdout.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        image: 'a.jpg',
        text: 'This is a.jpg.',
        score: -1,
        logProb: -2,
        finishReason: 'stop',
        statistics: STATISTICS,
        tokens: [{ id: 7, text: 'this', logProb: -0.5 }],
        timing: { decodeMs: 1, preprocessMs: 2, encodeMs: 3, searchMs: 4, totalMs: 10 },
      },
      expect.objectContaining({ image: 'b.jpg' }),
    ]);
  });

  it('lists the captions where there are more than one', async () => {
    const { io, stdout } = fakeIo();
    await run(['--json', '--num-captions=2', 'a.jpg'], io);
    const { captions, text } = JSON.parse(stdout.text) as {
      captions: { text: string }[];
      text: string;
    };
    expect(captions.map((caption) => caption.text)).toEqual(['This is a.jpg.', 'This is a.jpg, 2.']);
    expect(captions[0]).not.toHaveProperty('image');
    expect(text).toBe('This is a.jpg.');
  });

  it('prints the error of a picture on both outputs', async () => {
    const { io, stdout, stderr } = fakeIo({
      caption: () => Promise.reject(new ImageUnreadableError('a.jpg', 'a.jpg: the image is empty.')),
    });
    expect(await run(['--json', 'a.jpg'], io)).toBe(1);
    const message = 'a.jpg: the image is empty.';
    expect(JSON.parse(stdout.text)).toEqual({
      image: 'a.jpg',
      error: { code: 'IMAGE_UNREADABLE', name: 'ImageUnreadableError', message },
    });
    expect(stderr.text).toBe(`captioneer: ${message}\n`);
  });
});

describe('options', () => {
  it('passes on what was given, and nothing else', async () => {
    const { io, calls } = fakeIo();
    const given = ['--num-beams', '4', '--length-penalty', '-0.5', '--timeout', '1.5', '--max-pixels', '5e6'];
    expect(
      await run(
        [...given, '--model', 'owner/name', '--revision', 'v2', '--dtype', 'q8', '--threads', '2', 'a.jpg'],
        io,
      ),
    ).toBe(0);
    expect(calls.loaded[0]).toMatchObject({
      model: 'owner/name',
      options: { revision: 'v2', dtype: 'q8', numThreads: 2 },
    });
    const { signal, ...options } = calls.captioned[0]!.options;
    expect(signal).toBe(io.signal);
    expect(options).toEqual({ numBeams: 4, lengthPenalty: -0.5, timeoutMs: 1500, maxPixels: 5_000_000 });
  });

  it('leaves it to the library what goes together', async () => {
    const { io, calls } = fakeIo();
    await run(['--num-captions', '5', 'a.jpg'], io);
    expect(withoutSignal(calls.captioned[0]!.options)).toEqual({ numCaptions: 5 });
    await run(['--temperature', '0.5', '--seed', '1', 'a.jpg'], io);
    expect(withoutSignal(calls.captioned[1]!.options)).toEqual({ temperature: 0.5, seed: 1 });
    await run(['--sample', '--num-beams', '3', 'a.jpg'], io);
    expect(withoutSignal(calls.captioned[2]!.options)).toEqual({ strategy: 'beam-sample', numBeams: 3 });
  });

  it('maps repetition, gender, background and offline', async () => {
    const { io, calls } = fakeIo();
    const args = ['--unique-ngrams', '0', '--repeat-words', '--gender', 'neutral', '--background', '#f00'];
    await run([...args, '--offline', '--device', 'cpu', 'a.jpg'], io);
    expect(withoutSignal(calls.captioned[0]!.options)).toEqual({
      noRepeatNgramSize: 0,
      noRepeatWords: false,
      gender: 'neutral',
      background: [255, 0, 0],
    });
    expect(calls.loaded[0]!.options).toMatchObject({ device: 'cpu', hub: { offline: true } });
  });

  it.each([
    [['--num-beams', '0'], '--num-beams: must be a whole number from 1 to 64, not "0"'],
    [['--foo'], "unknown option '--foo'"],
    [['--num-beam', '3'], "unknown option '--num-beam' (Did you mean --num-beams?)"],
    [['-'], '-: standard input can be read only once'],
  ])('refuses %j before the model is loaded', async (options, message) => {
    const { io, calls, stdout, stderr } = fakeIo();
    expect(await run([...options, '-'], io)).toBe(2);
    expect(stderr.text).toBe(`captioneer: ${message}. Try "captioneer --help".\n`);
    expect(stdout.text).toBe('');
    expect(calls.loaded).toEqual([]);
  });

  it('ends at once where the model cannot honour an option', async () => {
    const { io, calls, stderr } = fakeIo({
      caption: () => Promise.reject(new InvalidArgumentError('maxLength', 'maxLength is 99, but 20 is the most.')),
    });
    expect(await run(['--max-length', '99', 'a.jpg', 'b.jpg'], io)).toBe(2);
    expect(stderr.text).toBe('captioneer: --max-length is 99, but 20 is the most. Try "captioneer --help".\n');
    expect(calls.captioned).toHaveLength(1);
    expect(calls.disposed).toBe(1);
  });
});

describe('what goes wrong', () => {
  it('goes on after a picture that fails', async () => {
    const { io, stdout, stderr, calls } = fakeIo({
      caption: (image) => (image === 'b.jpg' ? Promise.reject(new Error('odd\n  thing')) : sentence(image)),
    });
    expect(await run(['a.jpg', 'b.jpg', 'c.jpg'], io)).toBe(1);
    expect(stdout.lines).toEqual(['a.jpg: This is a.jpg.', 'c.jpg: This is c.jpg.']);
    expect(stderr.text).toBe('captioneer: b.jpg: odd thing\n');
    expect(calls.disposed).toBe(1);
  });

  it('calls options as the command line does', async () => {
    const { io, stderr } = fakeIo({
      caption: () => Promise.reject(new ImageTooLargeError('maxPixels.png', 20, 20, 100)),
    });
    await run(['maxPixels.png'], io);
    expect(stderr.text).toMatch(/^captioneer: maxPixels\.png: 20×20 is .* or raise --max-pixels\.\n$/);
  });

  it('exits with 3 where the model cannot be loaded', async () => {
    const { io, stderr } = fakeIo({ loadError: new ModelFileError('x', 'There is no model folder "x".') });
    expect(await run(['--model', 'x', 'a.jpg', 'b.jpg'], io)).toBe(3);
    expect(stderr.text).toBe('captioneer: the model cannot be loaded: There is no model folder "x".\n');
  });

  it('calls a model source of a wrong form wrong usage', async () => {
    const { io, stderr } = fakeIo({ loadError: new InvalidArgumentError('source', 'A model comes from a folder.') });
    expect(await run(['--model', 'ftp://x/', 'a.jpg'], io)).toBe(2);
    expect(stderr.text).toBe('captioneer: --model: A model comes from a folder. Try "captioneer --help".\n');
  });

  it('loads no model if there is no image', async () => {
    const { io, calls, stderr } = fakeIo();
    expect(await run(['none-*.jpg'], io)).toBe(1);
    expect(stderr.lines).toHaveLength(1);
    expect(calls.loaded).toEqual([]);
  });
});

describe('standard input', () => {
  it('with text in it is told of --files-from', async () => {
    const error = new ImageUnreadableError(
      'stream',
      'stream: this is text. Give a JPEG, PNG, WebP, GIF, AVIF or TIFF image.',
    );
    const { io, stderr } = fakeIo({ caption: () => Promise.reject(error) });
    expect(await run(['-'], io)).toBe(1);
    expect(stderr.text).toContain('If these are names of images, use --files-from -.');
  });

  it('is read as a picture, called -', async () => {
    const stdin = Readable.from([new Uint8Array([1])]);
    const { io, stdout, calls } = fakeIo({ stdin });
    expect(await run(['-'], io)).toBe(0);
    expect(calls.captioned[0]!.image).toBe(stdin);
    expect(stdout.text).toBe('This is stream.\n');
  });

  it('is called - in messages', async () => {
    const error = new ImageUnreadableError('stream', 'stream: the image is empty (0 bytes).');
    const { io, stderr } = fakeIo({ caption: () => Promise.reject(error) });
    await run(['-'], io);
    expect(stderr.text).toBe('captioneer: -: the image is empty (0 bytes).\n');
  });

  it('is refused where it is a terminal', async () => {
    const { io, stderr } = fakeIo({ stdin: Object.assign(Readable.from([]), { isTTY: true }) });
    expect(await run(['-'], io)).toBe(2);
    expect(stderr.text).toContain('standard input is a terminal');
  });
});

describe('texts', () => {
  it('prints help to standard output on demand', async () => {
    const { io, stdout, stderr } = fakeIo();
    expect(await run(['--help'], io)).toBe(0);
    expect(stdout.text).toMatch(/^Usage: captioneer \[options\] <image\.\.\.>\n/);
    expect(stderr.text).toBe('');
  });

  it('prints help to standard error without arguments', async () => {
    const { io, stdout, stderr } = fakeIo();
    expect(await run([], io)).toBe(2);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(/^Usage: captioneer/);
  });

  it('prints the version', async () => {
    const { io, stdout } = fakeIo();
    expect(await run(['--version'], io)).toBe(0);
    expect(stdout.text).toBe('1.2.3\n');
  });
});

describe('the end before the end', () => {
  it('is 130 after an interruption, without a word, and the model is released', async () => {
    const interruption = new AbortController();
    const { io, stdout, stderr, calls } = fakeIo({
      signal: interruption.signal,
      caption: (image) => {
        if (image === 'b.jpg') interruption.abort();
        interruption.signal.throwIfAborted();
        return sentence(image);
      },
    });
    expect(await run(['a.jpg', 'b.jpg', 'c.jpg'], io)).toBe(130);
    expect(stdout.lines).toEqual(['a.jpg: This is a.jpg.']);
    expect(stderr.text).toBe('');
    expect(calls.captioned).toHaveLength(2);
    expect(calls.disposed).toBe(1);
  });

  it('comes quietly where the reader is gone', async () => {
    const { io, stderr, calls } = fakeIo({ stdout: brokenStream('EPIPE') });
    expect(await run(['a.jpg', 'b.jpg'], io)).toBe(0);
    expect(stderr.text).toBe('');
    expect(calls.captioned).toHaveLength(1);
    expect(calls.disposed).toBe(1);
  });

  it('is an error where the disk is full', async () => {
    const { io, stderr, calls } = fakeIo({ stdout: brokenStream('ENOSPC') });
    expect(await run(['a.jpg', 'b.jpg'], io)).toBe(1);
    expect(stderr.text).toBe('captioneer: the output cannot be written (ENOSPC)\n');
    expect(calls.disposed).toBe(1);
  });
});

it('waits for a slow reader', async () => {
  const written: string[] = [];
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      setTimeout(() => {
        written.push(String(chunk));
        done();
      }, 20);
    },
  });
  const atCaption: number[] = [];
  const { io } = fakeIo({
    stdout: slow,
    caption: (image) => {
      atCaption.push(written.length);
      return sentence(image);
    },
  });
  await run(['a.jpg', 'b.jpg', 'c.jpg'], io);
  expect(atCaption).toEqual([0, 1, 2]);
  expect(written).toHaveLength(3);
});

function withoutSignal({ signal: _, ...options }: object & { readonly signal?: unknown }): object {
  return options;
}

function brokenStream(code: string): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}
