import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { search, type SearchOptions } from '../../src/search/index.js';
import { TableDecoder } from '../../src/testing/index.js';
import { IMAGE } from '../search/exhaustive.js';
import { optionsFor, otherBeams } from '../search/other-beams.js';
import { recordedTables } from '../search/recorded-tables.js';
import { models, recording } from '../search/vision-encoder-decoder.js';
import { bound, compare, tally, type Compared } from './compared.js';
import { repositoryPath } from './recorded-models.js';
import { describeTrainedModels, type ComparedModel } from './trained-models.js';

const PAGE = '../../docs/parity.md';

const fullSize = JSON.parse(readFileSync(repositoryPath('test/exporters/full-size.json'), 'utf8')) as Record<
  string,
  FullSize
>;

type Uses = (options: Partial<SearchOptions>) => boolean;

/** What counts as a use of each control. A case counts for every control that it uses. */
const CONTROLS: readonly (readonly [name: string, uses: Uses])[] = [
  ['greedy', ({ numBeams = 1 }) => numBeams === 1],
  ...[2, 3, 4, 5, 6, 8].map(
    (count) => [`${count} beams`, ({ numBeams }) => numBeams === count] as const satisfies [string, Uses],
  ),
  ['several captions with scores', ({ numCaptions = 1 }) => numCaptions > 1],
  ...[-1, -0.7, 0, 0.6, 1, 2].map(
    (penalty) =>
      [`length penalty ${penalty}`, ({ lengthPenalty }) => lengthPenalty === penalty] as const satisfies [string, Uses],
  ),
  ...([true, false, 'never'] as const).map(
    (when) =>
      [`early stopping ${when}`, ({ earlyStopping }) => earlyStopping === when] as const satisfies [string, Uses],
  ),
  ['minimum length', ({ minLength = 0 }) => minLength > 0],
  ...[1, 2, 3].map(
    (size) =>
      [`no ${size}-gram twice`, ({ noRepeatNgramSize }) => noRepeatNgramSize === size] as const satisfies [
        string,
        Uses,
      ],
  ),
  ['repetition penalty', ({ repetitionPenalty = 1 }) => repetitionPenalty !== 1],
  ['groups of beams', ({ numBeamGroups = 1 }) => numBeamGroups > 1],
  ['banned tokens', ({ bannedTokenIds = [] }) => bannedTokenIds.length > 0],
  ['banned phrases', ({ bannedPhrases = [] }) => bannedPhrases.length > 0],
  ['several start tokens', ({ startTokenIds = [] }) => startTokenIds.length > 1],
  ['several end tokens', ({ endTokenIds = [] }) => endTokenIds.length > 1],
  ['all', () => true],
];

const trainedModels = describeTrainedModels();

test('docs/parity.md has what the comparisons with the recordings give', async () => {
  const generate = await compareGenerate();
  const others = await compareOtherBeams();
  expect([...Object.values(generate), ...Object.values(others)].flat().filter(({ isSame }) => !isSame)).toEqual([]);
  const page = [
    '# Parity',
    'How the searches and models compare with their references: how many of the recorded results are the same, token for token. ' +
      '`npx vitest run test/parity/table.test.ts -u` writes this page from the recordings in `test/`; the tests hold it against them.',
    '## `generate` of transformers',
    `transformers ${recording.transformers}; a case counts for every control that it uses.`,
    table(['control', ...Object.keys(generate)], [...controlRows(generate), differenceRow(generate)]),
    '## The beam searches of other captioners',
    table(
      ['', ...Object.keys(others)],
      [['same captions', ...Object.values(others).map(tally)], differenceRow(others)],
    ),
    '## Trained models against PyTorch',
    table(
      ['model', 'pictures', 'steps', 'largest difference of logits', 'captions with 1 to 5 beams'],
      trainedModels.map(trainedRow),
    ),
    '## Checkpoints of full size',
    'Each architecture at its published size with seeded random weights, against the classes of transformers and torchvision, or modules written for the tests: the ' +
      'largest difference of pixel values; of what the encoder gives, as a share of the largest number; of the logits of eight steps, with one row of words and with ' +
      'four, and how large these are; and how many captions have the same ids and texts. The beams are 3 and 4, or 4 alone, all captions of a search compared; with BLIP and ' +
      'GIT also after a prompt, with Florence-2 (first and last token forced, no trigram twice) also a paragraph, the text in the image, and with banned tokens. Weights of 16 or ' +
      '8 bits are other weights. `python test/exporters/full_size.py` makes the models, runs them and writes this table.',
    table(
      ['checkpoint', 'MB', 'pixels', 'features', 'logits', 'greedy', 'beams'],
      Object.entries(fullSize).map(fullSizeRow),
    ),
  ];
  const text = await format(page.join('\n\n'), {
    ...(await resolveConfig(repositoryPath('docs/parity.md'))),
    parser: 'markdown',
  });
  await expect(text).toMatchFileSnapshot(PAGE);
});

async function compareGenerate(): Promise<Record<string, Compared[]>> {
  const tokens = { startTokenIds: [recording.start], endTokenIds: [recording.end] };
  const columns: Record<string, Compared[]> = {};
  for (const { seed, decoder, cases } of models) {
    columns[`VisionEncoderDecoderModel, seed ${seed}`] = await Promise.all(
      cases.map(async ({ options, found }) =>
        compare(options, await search(decoder, IMAGE, { ...tokens, ...options }), found),
      ),
    );
  }
  columns['random tables'] = await Promise.all(
    recordedTables.cases.map(async ({ table: options, options: searching, hypotheses }) =>
      compare(searching, await search(new TableDecoder(options), IMAGE, searching), hypotheses),
    ),
  );
  return columns;
}

async function compareOtherBeams(): Promise<Record<string, Compared[]>> {
  const columns: Record<string, Compared[]> = { "ClipCap's": [], "the attention tutorial's": [] };
  for (const recorded of otherBeams) {
    if (recorded.found.length === 0) continue; // where the tutorial fails
    const { decoder } = models.find(({ seed }) => seed === recorded.seed) as (typeof models)[number];
    const options = optionsFor(recorded);
    const compared = compare(options, await search(decoder, IMAGE, options), recorded.found);
    columns[recorded.search === 'clipcap' ? "ClipCap's" : "the attention tutorial's"]?.push(compared);
  }
  return columns;
}

/** A row of a trained model, whose tests have run. */
function trainedRow({ name, pictures, logitDifferences, isSameCaption }: ComparedModel): string[] {
  const numSteps = pictures.reduce((sum, { steps }) => sum + steps.length, 0);
  const same = `${isSameCaption.filter(Boolean).length}/${isSameCaption.length}`;
  return [name, String(pictures.length), String(numSteps), bound(logitDifferences, '2e-3'), same];
}

/** A checkpoint of full size, as `full_size.py` kept it. */
interface FullSize {
  readonly megabytes: number;
  readonly pixels?: number;
  readonly features: number;
  readonly logits: number;
  readonly largestLogit: number;
  readonly searches: readonly { readonly numBeams?: number; readonly isSame: boolean }[];
}

function fullSizeRow([name, row]: [string, FullSize]): string[] {
  const { megabytes, pixels, features, logits, largestLogit, searches } = row;
  const same = (wanted: typeof searches): string => `${wanted.filter(({ isSame }) => isSame).length}/${wanted.length}`;
  const [greedy, beams] = [true, false].map((isGreedy) =>
    same(searches.filter(({ numBeams = 1 }) => (numBeams === 1) === isGreedy)),
  ) as [string, string];
  const small = (value: number): string => value.toExponential(1);
  return [
    name,
    megabytes.toFixed(0),
    pixels === undefined ? '–' : small(pixels),
    small(features),
    `${small(logits)} of ${largestLogit.toFixed(0)}`,
    greedy,
    beams,
  ];
}

function controlRows(columns: Record<string, Compared[]>): string[][] {
  return CONTROLS.map(([name, uses]) => [
    name,
    ...Object.values(columns).map((cases) => tally(cases.filter(({ options }) => uses(options)))),
  ]);
}

function differenceRow(columns: Record<string, Compared[]>): string[] {
  const bounds = Object.values(columns).map((cases) =>
    bound(
      cases.map(({ difference }) => difference),
      '1e-4',
    ),
  );
  return ['largest difference of scores', ...bounds];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? ':--' : '--:'))), ...rows.map(line)].join('\n');
}
