import { expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { ModelBuffers } from '../../src/core/index.js';
import { cleanText } from '../../src/captioner/clean-text.js';
import { Captioner } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { failure } from '../adapters/node/support.js';
import { checkpointFiles, filesOf, loadPictures, recorded, recordedFlorence } from './checkpoints.js';
import { watchedPlatform } from './support.js';

const MERGED = 'onnx/decoder_model_merged.onnx';
const [FIRST, LATER] = ['onnx/decoder_model.onnx', 'onnx/decoder_with_past_model.onnx'];
const pictures = loadPictures();

/** A checkpoint as older exports have it: no merged decoder, but one file for the first step and one for later ones. */
function inPairs(files: ModelBuffers): ModelBuffers {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes('merged')));
}

const VIT = inPairs(checkpointFiles('vit', 'pair'));
const FLORENCE = inPairs(filesOf(['florence-2', 'florence-2-pair']));

interface Expected {
  readonly ids: readonly number[];
  readonly text: string;
}

async function expectCaptions(captioner: Captioner, picture: string, numBeams: number, all: readonly Expected[]) {
  const options = { numBeams, numCaptions: numBeams, maxLength: captioner.manifest.tasks ? 13 : 12 };
  const { captions } = await captioner.caption(pictures[picture]!, options);
  const found = captions.map(({ tokens, text }) => ({ ids: tokens.map(({ id }) => id), text }));
  const texts = all.slice(0, numBeams).map(({ ids, text }) => ({ ids, text: cleanText(text).trim() }));
  expect(found, `${picture}, ${numBeams} beams`).toEqual(texts);
}

test('ViT-GPT2 in two decoder files captions as with a merged one: the graph of later steps is taken apart', async () => {
  const { platform, opened } = watchedPlatform();
  await using captioner = new Captioner(platform, await openModel(platform, VIT));
  expect(opened).toEqual(['onnx/encoder_model.onnx', LATER, LATER]);
  for (const [name, { greedy, beams }] of Object.entries(recorded.checkpoints.vit!.pictures)) {
    await expectCaptions(captioner, name, 1, greedy);
    await expectCaptions(captioner, name, 3, beams);
  }
});

test('Florence-2 in two decoder files captions as with a merged one', async () => {
  await using captioner = await Captioner.load(FLORENCE);
  for (const [name, { tasks }] of Object.entries(recordedFlorence.pictures)) {
    for (const numBeams of [1, 3, 4]) {
      await expectCaptions(captioner, name, numBeams, tasks.short.searches[numBeams]!);
    }
  }
});

test.each([FIRST, LATER])('without %s the error names what is missing, and what would do', async (missing) => {
  const { [missing]: _, ...files } = VIT;
  const error = await failure(openModel(nodePlatform(), files));
  expect(error).toMatchObject({ name: 'ModelFileError', file: MERGED });
  expect(error.message).toContain(
    `has no ${MERGED}, which dtype "fp32" asks for, nor both ${FIRST} and ${LATER} in its place.`,
  );
});

test('another kind of weights than the pair has is an error that names those it has', async () => {
  const error = await failure(openModel(nodePlatform(), VIT, { dtype: { decoder_model_merged: 'q4' } }));
  expect(error).toMatchObject({ name: 'ModelFileError', file: 'onnx/decoder_model_merged_q4.onnx' });
  expect(error.message).toMatch(/It has graphs for fp32: choose/);
});
