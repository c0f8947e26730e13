import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedCaption } from '../../src/cli/eval/caption-log.js';
import type { EvalReport } from '../../src/cli/eval/measure-bias.js';
import type { Misclassification } from '../../src/bias/index.js';
import { EXIT_CODE } from '../../src/cli/console/exit-code.js';
import { loadClip } from '../../src/cli/console/load-clip.js';
import { run } from '../../src/cli/run.js';
import { clipFiles } from '../evaluation/clip-fixture.js';
import { EVIDENCE, fakeIo, type FakeOptions, sentence } from './fake-io.js';

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg'];
let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'captioneer-eval-'));
  const rows = NAMES.flatMap((name, i) => [`${name}\ta dog number ${i} runs`, `${name}\tdog ${i} is running`]);
  await writeFile(at('references.tsv'), ['image\tcaption', ...rows, ''].join('\n'));
  const image = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#a52' } })
    .jpeg()
    .toBuffer();
  for (const name of NAMES) await writeFile(at(name), image);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function evaluate(args: readonly string[], options: FakeOptions = {}) {
  const fake = fakeIo(options);
  const code = await run(['eval', '--references', at('references.tsv'), '--out', at('out'), ...args], fake.io);
  return { code, ...fake };
}

const readReport = async (): Promise<EvalReport> =>
  JSON.parse(await readFile(at('out/report.json'), 'utf8')) as EvalReport;

describe('captioneer eval --clip', () => {
  const withClip = ['--samples', '100', '--images'];

  it('runs a CLIP of a folder on images, captions and references', async () => {
    for (const [name, content] of Object.entries(clipFiles())) {
      await mkdir(dirname(at(`clip/${name}`)), { recursive: true });
      await writeFile(at(`clip/${name}`), content);
    }
    const { code, stdout } = await evaluate([...withClip, folder, '--clip', at('clip'), '--clip-dtype', 'q8'], {
      loadClip,
    });
    expect(code).toBe(EXIT_CODE.ok);
    const report = await readReport();
    expect(report.imageTextModel).toMatch(
      /clip \(onnx\/text_model_quantized\.onnx, onnx\/vision_model_quantized\.onnx\)$/,
    );
    const [{ imageText }] = report.systems as [EvalReport['systems'][number]];
    expect(imageText!.clipScore.estimate).toBeGreaterThanOrEqual(0);
    // All three images look alike, so that nothing tells which caption is whose.
    expect(imageText!.imagesByCaption.recall[0]).toMatchObject({ k: 1, count: 0, total: 3 });
    expect(stdout.text).toMatch(/CLIPScore/);
  });

  it('puts the prefix of CLIPScore before texts, asks for each once, and releases the model', async () => {
    const asked = { images: [] as unknown[], texts: [] as string[], disposed: 0 };
    const { code } = await evaluate([...withClip, folder, '--clip', 'owner/clip', '--offline'], {
      loadClip: async (model, { hub, dtype }) => {
        expect({ model, hub, dtype }).toEqual({ model: 'owner/clip', hub: { offline: true }, dtype: undefined });
        return {
          name: 'fake',
          embedImage: async (image) => (asked.images.push(image), Float32Array.of(1, 0)),
          embedText: async (text) => (asked.texts.push(text), Float32Array.of(0.6, 0.8)),
          dispose: async () => {
            asked.disposed++;
          },
        };
      },
    });
    expect(code).toBe(EXIT_CODE.ok);
    expect(asked.images).toEqual(NAMES.map(at));
    expect(asked.texts).toHaveLength(9);
    expect(new Set(asked.texts).size).toBe(9);
    expect(asked.texts).toContain('A photo depicts a dog number 0 runs');
    expect(asked.disposed).toBe(1);
    expect((await readReport()).systems[0]!.imageText!.clipScore.estimate).toBeCloseTo(1.5);
  });

  it('keeps the vectors: a second run asks for new ones only, and --embeddings reads them', async () => {
    const asked: string[] = [];
    const clip = async () => ({
      name: 'fake',
      embedImage: async (image: unknown) => (asked.push(String(image)), Float32Array.of(0.1, 1 / 3)),
      embedText: async (text: string) => (asked.push(text), Float32Array.of(0.6, 2 / 3)),
      dispose: async () => undefined,
    });
    const run = [...withClip, folder, '--clip', 'owner/clip'];
    await evaluate(run, { loadClip: clip });
    const first = await readReport();
    expect(asked).toHaveLength(12);

    const path = at('out/embeddings/fake.jsonl');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(13);
    // The last line is cut short, as by a process that ended.
    await writeFile(path, [...lines.slice(0, -1), lines.at(-1)!.slice(0, -4)].join('\n'));
    asked.length = 0;
    await evaluate(run, { loadClip: clip });
    expect(asked).toHaveLength(1);
    expect((await readReport()).systems[0]!.imageText).toEqual(first.systems[0]!.imageText);

    await evaluate([...withClip, folder, '--embeddings', path]);
    const again = await readReport();
    expect(again.imageTextModel).toBe('fake');
    expect(again.systems[0]!.imageText).toEqual(first.systems[0]!.imageText);

    const { code, stderr } = await evaluate([...withClip, folder, '--clip', 'other/clip'], { loadClip: clip });
    expect(code).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(/fake\.jsonl is of another model; give another --out/);
  });

  it('names an image that is not there', async () => {
    await writeFile(at('theirs.tsv'), ['image\tcaption', ...NAMES.map((name) => `${name}\ta dog`)].join('\n'));
    await rm(at('b.jpg'));
    const { code, stderr } = await evaluate(
      [...withClip, folder, '--captions', at('theirs.tsv'), '--clip', 'owner/clip'],
      {
        loadClip: async () => ({
          name: 'fake',
          embedImage: async () => Float32Array.of(1, 0),
          embedText: async () => Float32Array.of(1, 0),
          dispose: async () => undefined,
        }),
      },
    );
    expect(code).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(/--clip: the image "b\.jpg" is not in/);
  });

  it.each([
    [['--clip', 'a/b', '--embeddings', 'x.jsonl', '--images', '.'], /--clip: does not go together with --embeddings/],
    [['--clip', 'a/b', '--captions', 'x.jsonl'], /--clip: it looks at images; give --images/],
    [['--clip-dtype', 'q8', '--images', '.'], /--clip-dtype: it is for the model of --clip/],
    [['--clip', 'a/b', '--clip-dtype', 'q9', '--images', '.'], /--clip-dtype: must be fp32, .*auto, not "q9"/],
  ])('%s is refused', async (args, message) => {
    const { code, stderr } = await evaluate(args);
    expect(code).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(message);
  });
});

describe('captioneer eval', () => {
  it('runs a model on the images of a folder and writes the reports', async () => {
    const { code, stdout, calls } = await evaluate([
      '--images',
      folder,
      '--split-name',
      'dev',
      '--title',
      'Dogs',
      '--samples',
      '100',
    ]);
    expect(code).toBe(EXIT_CODE.ok);
    expect(calls.loaded.map(({ model }) => model)).toEqual([undefined]);
    expect(calls.disposed).toBe(1);
    expect(stdout.text).toMatch(/^Dogs, dev: 3 images, 2 references each/);
    expect(stdout.text).toMatch(/CIDEr-D/);
    const report = await readReport();
    expect(report).toMatchObject({ title: 'Dogs', split: 'dev', imageCount: 3 });
    expect(report.systems.map(({ name }) => name)).toEqual(['default']);
    expect(report.systems[0]!.bias).not.toBeNull();
    const html = await readFile(at('out/report.html'), 'utf8');
    expect(html).toContain('// the script of report');
    expect(html.match(/data:image\/jpeg/g)).toHaveLength(3);
    expect(html).not.toMatch(/src=|href=|https?:\/\/(?!www\.w3\.org)/);
  });

  it('goes on where an interrupted run was', async () => {
    const interruption = new AbortController();
    const interrupted = await evaluate(['--images', folder, '--samples', '100'], {
      signal: interruption.signal,
      caption: (image) => {
        if (image === at('b.jpg')) interruption.abort();
        interruption.signal.throwIfAborted();
        return sentence(image);
      },
    });
    expect(interrupted.code).toBe(EXIT_CODE.interrupted);
    const log = at('out/captions/default.jsonl');
    expect((await readFile(log, 'utf8')).trim().split('\n')).toHaveLength(1);
    // As if the process had been killed while it wrote a line.
    await writeFile(log, `${await readFile(log, 'utf8')}{"image":"b.jpg","cap`);
    const { code, calls } = await evaluate(['--images', folder, '--samples', '100']);
    expect(code).toBe(EXIT_CODE.ok);
    expect(calls.captioned.map(({ image }) => image)).toEqual([at('b.jpg'), at('c.jpg')]);
    const again = await evaluate(['--images', folder, '--samples', '100']);
    expect(again.calls.loaded).toEqual([]);
    expect((await readReport()).imageCount).toBe(3);
  });

  describe('gender evidence', () => {
    const readLog = async (): Promise<LoggedCaption[]> =>
      (await readFile(at('out/captions/default.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row) as LoggedCaption);
    const asked = (calls: ReturnType<typeof fakeIo>['calls']) =>
      calls.captioned.map(({ options }) => options.genderEvidence);

    beforeEach(async () => {
      const people = ['a man runs', 'a man walks', 'he runs'].map((text) => `a.jpg\t${text}`);
      await writeFile(at('references.tsv'), ['image\tcaption', ...people, 'b.jpg\ta dog', 'c.jpg\ta cat'].join('\n'));
    });

    it('is beside the captions of images with a label, and gives the curve', async () => {
      const { code, calls, stderr } = await evaluate(['--images', folder, '--samples', '100']);
      expect(code).toBe(EXIT_CODE.ok);
      expect(asked(calls)).toEqual([true, undefined, undefined]);
      const [first, second] = await readLog();
      expect(first).toEqual({ image: 'a.jpg', caption: `This is ${at('a.jpg')}.`, ms: 10, genderEvidence: EVIDENCE });
      expect(second).not.toHaveProperty('genderEvidence');
      expect(stderr.text).toMatch(/default: 3 images in \d+\.\d s, \d+\.\d\d s each/);
      const [{ bias, info }] = (await readReport()).systems as [EvalReport['systems'][number]];
      expect(info).toEqual({ model: 'default', 'median ms per image': 10 });
      expect(bias!.curve).toMatchObject({ images: 1, asRun: { overall: { labelled: 1, other: 1 } } });
      expect(bias!.curve!.points.at(-1)!.overall).toMatchObject({ labelled: 1, correct: 1 });
    });

    it('is added to a log that does not have it', async () => {
      await evaluate(['--images', folder, '--samples', '100', '--no-gender-evidence']);
      expect((await readReport()).systems[0]!.bias!.curve).toBeNull();
      const { calls } = await evaluate(['--images', folder, '--samples', '100']);
      expect(calls.captioned.map(({ image }) => image)).toEqual([at('a.jpg')]);
      expect((await readLog()).at(-1)).toMatchObject({ image: 'a.jpg', genderEvidence: EVIDENCE });
      expect((await readReport()).systems[0]!.bias!.curve).not.toBeNull();
    });

    it('is not asked of a model that does not write English', async () => {
      const { code, calls } = await evaluate(['--images', folder, '--samples', '100'], {
        manifest: { languages: ['de'] },
      });
      expect(code).toBe(EXIT_CODE.ok);
      expect(asked(calls)).toEqual([undefined, undefined, undefined]);
    });
  });

  it('captions the examples again with attention, once', async () => {
    const withAttention: FakeOptions = {
      manifest: { regions: { rows: 1, columns: 2 } },
      caption: (image, options) => {
        const words = [{ text: 'this', logProb: -1, attention: new Float32Array([0.2, 0.8]) }];
        return { ...sentence(image), words: options.attention ? words : [] };
      },
    };
    const args = ['--images', folder, '--samples', '100'];
    const { calls, code } = await evaluate(args, withAttention);
    expect(code).toBe(EXIT_CODE.ok);
    expect(calls.captioned.filter(({ options }) => options.attention)).toHaveLength(3);
    const kept = JSON.parse(await readFile(at('out/captions/default.attention.json'), 'utf8')) as object;
    expect(kept).toMatchObject({
      grid: { rows: 1, columns: 2, seen: { resize: 'squash', width: 8, height: 8 } },
      captions: { 'a.jpg': { caption: `This is ${at('a.jpg')}.`, words: [['this', 'QP8=']] } },
    });
    const html = await readFile(at('out/report.html'), 'utf8');
    expect(html).toContain('QP8=');
    const again = await evaluate(args, withAttention);
    expect(again.calls.loaded).toEqual([]);
    expect(await readFile(at('out/report.html'), 'utf8')).toBe(html);
    // A copy of no image has no use for it.
    await rm(at('out/captions/default.attention.json'));
    const without = await evaluate([...args, '--thumbnails', 'none'], withAttention);
    expect(without.calls.captioned).toEqual([]);
  });

  it('shows no attention of another caption than the one that was scored', async () => {
    let times = 0;
    const { code } = await evaluate(['--images', folder, '--samples', '100'], {
      manifest: { regions: { rows: 1, columns: 2 } },
      caption: (image) => ({ ...sentence(image), text: `Caption ${times++}` }),
    });
    expect(code).toBe(EXIT_CODE.ok);
    expect(JSON.parse(await readFile(at('out/captions/default.attention.json'), 'utf8'))).toMatchObject({
      captions: {},
    });
  });

  it('does not mix captions of other settings', async () => {
    await evaluate(['--images', folder, '--samples', '100']);
    const { code, stderr } = await evaluate(['--images', folder, '--num-beams', '2']);
    expect(code).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(/default\.jsonl was made with other settings; give another --out/);
  });

  it('reads images of a tar file, and compares models', async () => {
    const pack = tar.pack();
    for (const name of ['b.jpg', 'a.jpg', 'c.jpg', 'other.jpg']) {
      pack.entry({ name: `./photos/${name}` }, await readFile(at(name === 'other.jpg' ? 'a.jpg' : name)));
    }
    pack.finalize();
    const pieces: Buffer[] = [];
    for await (const piece of pack) pieces.push(piece as Buffer);
    await writeFile(at('images.tar'), Buffer.concat(pieces));
    const models = ['--model', 'default', '--model', 'mine=./folder', '--judge', '2'];
    const { code, calls, stdout } = await evaluate(['--images', at('images.tar'), '--samples', '100', ...models]);
    expect(code).toBe(EXIT_CODE.ok);
    expect(calls.loaded.map(({ model }) => model)).toEqual([undefined, './folder']);
    expect(calls.captioned).toHaveLength(6);
    expect(stdout.text).toMatch(/default − mine .* no difference shown/);
    const judge = await readFile(at('out/judge.html'), 'utf8');
    expect(judge.match(/data:image\/jpeg/g)).toHaveLength(2);
    expect(judge).not.toMatch(/default|mine|folder/);
  });

  it('evaluates captions made elsewhere, without a model or images', async () => {
    await writeFile(at('theirs.json'), JSON.stringify(NAMES.map((image) => ({ image_id: image, caption: 'a dog' }))));
    const { code, calls, stdout } = await evaluate([
      '--captions',
      `their system=${at('theirs.json')}`,
      '--json',
      '--samples',
      '100',
    ]);
    expect(code).toBe(EXIT_CODE.ok);
    expect(calls.loaded).toEqual([]);
    expect((JSON.parse(stdout.text) as EvalReport).systems[0]).toMatchObject({ name: 'their system' });
    expect(await readFile(at('out/report.html'), 'utf8')).not.toContain('data:image');
  });

  it('reads vectors of an image-text model, and names what is missing', async () => {
    await writeFile(at('theirs.json'), JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, 'a dog']))));
    const rows: object[] = NAMES.map((image, i) => ({ image: `photos/${image}`, embedding: [1, i] }));
    const texts = ['a dog', ...NAMES.flatMap((_, i) => [`a dog number ${i} runs`, `dog ${i} is running`])];
    rows.push({ model: 'toy' }, ...texts.map((text) => ({ text, embedding: [1, 0] })));
    const write = (all: readonly object[]) =>
      writeFile(at('vectors.jsonl'), all.map((row) => JSON.stringify(row)).join('\n'));
    const args = ['--captions', at('theirs.json'), '--samples', '100', '--embeddings', at('vectors.jsonl')];
    await write(rows);
    expect((await evaluate(args)).code).toBe(EXIT_CODE.ok);
    const { systems, imageTextModel } = await readReport();
    expect(imageTextModel).toBe('toy');
    expect(systems[0]!.imageText!.clipScore.estimate).toBeCloseTo((2.5 * (1 + Math.SQRT1_2 + 1 / Math.sqrt(5))) / 3, 6);
    for (const [wrong, message] of [
      [rows.slice(1), /vectors\.jsonl" has no embedding of the image "a\.jpg"/],
      [[...rows, { text: 'x', embedding: ['1'] }], /row 12 cannot be read \(a row has "image" or "text"/],
    ] as const) {
      await write(wrong);
      const { code, stderr } = await evaluate(args);
      expect(code).toBe(EXIT_CODE.usage);
      expect(stderr.text).toMatch(message);
    }
  });

  it('says that one image has a CIDEr of 0 by definition, and has no NaN', async () => {
    const { code, stdout, stderr } = await evaluate(['--images', folder, '--limit', '1', '--samples', '100']);
    expect(code).toBe(EXIT_CODE.ok);
    expect(stdout.text).toMatch(/^1 image, /);
    // Without a label there is one warning, not one for each group too.
    expect(stderr.text).toMatch(/No image has a label/);
    expect(stderr.text).not.toMatch(/are labelled/);
    expect(stderr.text).toMatch(/only one image: its CIDEr is 0 by definition, and intervals have no width/);
    expect(await readFile(at('out/report.json'), 'utf8')).not.toMatch(/NaN|:null,"low"/);
    expect((await readReport()).systems[0]!.scores.ciderD).toMatchObject({ estimate: 0, low: 0, high: 0 });
  });

  it('warns of a group without a labelled image', async () => {
    const people = ['a man runs', 'a man walks', 'he runs'].map((text) => `a.jpg\t${text}`);
    await writeFile(at('references.tsv'), ['image\tcaption', ...people].join('\n'));
    const { code, stderr } = await evaluate(['--images', folder, '--samples', '100']);
    expect(code).toBe(EXIT_CODE.ok);
    expect(stderr.text).toMatch(
      /Only 0 images are labelled female; no figures are given for fewer than 30 \(default\)/,
    );
    const { female } = (await readReport()).systems[0]!.bias!.groups as Record<string, Misclassification>;
    expect(female!.errorOfLabelled).toEqual({ count: 0, total: 0, value: null, interval: null });
  });

  it('refuses an empty corpus', async () => {
    await writeFile(at('references.tsv'), 'image\tcaption\n');
    const { code, stderr } = await evaluate(['--images', folder]);
    expect(code).toBe(EXIT_CODE.failed);
    expect(stderr.text).toMatch(/there are no captions in the file/);
    await writeFile(at('references.tsv'), 'image\tcaption\na.jpg\t \n');
    expect((await evaluate(['--images', folder])).stderr.text).toMatch(/There are no references/);
  });

  it('finds whose captions were judged', async () => {
    const captions = (texts: readonly string[]) =>
      JSON.stringify(Object.fromEntries(NAMES.map((name, i) => [name, texts[i]])));
    await writeFile(at('first.json'), captions(['a dog', 'a cat', 'a bird']));
    await writeFile(at('second.json'), captions(['a dog', 'a cow', 'a fish']));
    const judgement = (image: string, verdicts: Record<string, string>, preferred?: string | null) => ({
      image,
      verdicts: Object.entries(verdicts).map(([caption, verdict]) => ({ caption, verdict })),
      preferred,
    });
    const judged = (judgements: unknown) => JSON.stringify({ format: 'captioneer-judgements', version: 2, judgements });
    await writeFile(
      at('judged.json'),
      judged([
        judgement('a.jpg', { 'a dog': 'true' }),
        judgement('b.jpg', { 'a cat': 'slip', 'a cow': 'wrong' }, 'a cat'),
        judgement('c.jpg', { 'a bird': 'true', 'an older caption': 'wrong' }, null),
      ]),
    );
    const args = ['--captions', at('first.json'), '--captions', at('second.json'), '--samples', '100', '--judgements'];
    expect((await evaluate([...args, at('judged.json')])).code).toBe(EXIT_CODE.ok);
    const { judgements, warnings } = await readReport();
    const [first, second] = judgements!.systems;
    expect(first).toMatchObject({
      judged: 3,
      verdicts: { true: { count: 2 }, slip: { count: 1 } },
      preferred: { count: 1 },
    });
    expect(second).toMatchObject({
      judged: 2,
      verdicts: { true: { count: 1 }, wrong: { count: 1 } },
      preferred: { count: 0 },
    });
    expect(judgements).toMatchObject({ judgements: 3, ties: 1 });
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'JUDGEMENT_UNMATCHED', count: 1, examples: ['c.jpg'] }),
    );
    await writeFile(at('judged.json'), judged([{ image: 'a.jpg' }]));
    const { stderr } = await evaluate([...args, at('judged.json')]);
    expect(stderr.text).toMatch(/judgement 1 has no image or no verdicts/);
  });

  it('counts judgements of version 1, which name the systems', async () => {
    await writeFile(at('theirs.json'), JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, 'a dog']))));
    await writeFile(
      at('judged.json'),
      JSON.stringify({
        format: 'captioneer-judgements',
        version: 1,
        judgements: [{ image: 'a.jpg', verdicts: { theirs: 'slip' } }],
      }),
    );
    const args = ['--captions', at('theirs.json'), '--samples', '100', '--judgements'];
    expect((await evaluate([...args, at('judged.json')])).code).toBe(EXIT_CODE.ok);
    expect((await readReport()).judgements!.systems[0]).toMatchObject({ name: 'theirs', judged: 1 });
    const { code, stderr } = await evaluate([...args, at('theirs.json')]);
    expect(code).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(/not a file that the judging page has saved/);
  });

  it('names an image that fails, leaves it out, and ends with 1', async () => {
    const { code, stderr } = await evaluate(['--images', folder, '--samples', '100'], {
      caption: (image) => {
        if (image === at('b.jpg')) throw new Error('It is broken.');
        return sentence(image);
      },
    });
    expect(code).toBe(EXIT_CODE.failed);
    expect(stderr.text).toMatch(/default: b\.jpg: It is broken\./);
    expect(stderr.text).toMatch(
      /warning: default: images without its caption were left out of all systems' scores: 1 \(b\.jpg\)/,
    );
    const report = await readReport();
    expect(report.imageCount).toBe(2);
    const failed = report.warnings.find(({ code: found }) => found === 'IMAGE_FAILED');
    expect(failed).toEqual({
      code: 'IMAGE_FAILED',
      count: 1,
      message: 'default: images that could not be captioned',
      examples: ['b.jpg: It is broken.'],
    });
  });

  it('names an image that is not in the folder', async () => {
    await rm(at('b.jpg'));
    const { code, stderr } = await evaluate(['--images', folder, '--samples', '100']);
    expect(code).toBe(EXIT_CODE.failed);
    expect(stderr.text).toMatch(/images that could not be captioned: 1 \(b\.jpg: not found in .*\)/);
  });

  it('passes on what the measures of bias warn of', async () => {
    await evaluate(['--images', folder, '--samples', '100', '--model', 'default', '--model', 'mine=x']);
    const warnings = (await readReport()).warnings.filter(({ code }) => code === 'BIAS');
    expect(warnings[0]).toMatchObject({ count: 2, examples: ['default', 'mine'] });
    expect(warnings.map(({ message }) => message).join('\n')).toMatch(/No image has a label/);
  });

  it('takes the first images only, and does not complain of captions of the others', async () => {
    await writeFile(at('theirs.json'), JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, 'a dog']))));
    const { stderr } = await evaluate(['--captions', at('theirs.json'), '--limit', '2', '--samples', '100']);
    expect((await readReport()).imageCount).toBe(2);
    expect(stderr.text).not.toMatch(/without references/);
  });

  it.each([
    [['--model', 'x'], /--images: a model needs images/],
    [[], /--images: a model needs images/],
    [['--images', '/no/such/folder'], /--images: there is no folder or file/],
    [['--captions', '/no/such.json'], /there is no file "\/no\/such\.json"/],
    [['--captions', 'a=x.json', '--captions', 'a=y.json'], /two systems are named "a"/],
    [['--captions', 'x.json', '--judge'], /--judge: the page shows images/],
    [['--captions', 'x.json', '--thumbnails', 'some'], /--thumbnails: must be examples, all, none/],
    [['--captions', 'x.json', '--samples', '5'], /--samples: must be a whole number from 100/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await evaluate(args);
    expect(code).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(message);
  });

  it('selects a split, and refuses one of a file that names none', async () => {
    await writeFile(at('theirs.json'), JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, 'a dog']))));
    const args = ['--captions', at('theirs.json'), '--samples', '100', '--split', 'dev'];
    const { code, stderr } = await evaluate(args);
    expect(code).toBe(EXIT_CODE.failed);
    expect(stderr.text).toMatch(/does not name splits, so "dev" cannot be selected.*--split-name/);
    const rows = NAMES.map((name, i) => `${name}\ta dog\t${i === 0 ? 'dev' : 'test'}`);
    await writeFile(at('references.tsv'), ['image\tcaption\tsplit', ...rows].join('\n'));
    expect((await evaluate(args)).code).toBe(EXIT_CODE.ok);
    expect(await readReport()).toMatchObject({ split: 'dev', imageCount: 1 });
  });

  it('wants references', async () => {
    const { io, stderr } = fakeIo();
    expect(await run(['eval', '--captions', 'x.json'], io)).toBe(EXIT_CODE.usage);
    expect(stderr.text).toMatch(/--references: give a file/);
  });

  it('tells a file of captions that is none', async () => {
    await writeFile(at('none.txt'), 'hello\n');
    const { code, stderr } = await evaluate(['--captions', at('none.txt')]);
    expect(code).toBe(EXIT_CODE.failed);
    expect(stderr.text).toMatch(/none\.txt, row 1: the form of the file is not known/);
  });
});
