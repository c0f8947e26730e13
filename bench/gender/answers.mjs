import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Captioner } from '../../dist/index.js';

/**
 * What one model says of images, kept in a file, line by line: an interrupted run goes on where it ended. Delete the file after a
 * change of the model.
 */
export class Answers {
  #images;
  #cache;
  #kept;
  #captioner;

  /**
   * @param {object} options
   * @param {string | undefined} options.model a folder; default: the model in the package
   * @param {string} options.images folder
   * @param {string} options.cache file; one for each model and corpus
   */
  static async open({ model, images, cache }) {
    const answers = new Answers();
    mkdirSync(dirname(cache), { recursive: true });
    answers.#images = images;
    answers.#cache = cache;
    answers.#kept = readCache(cache);
    answers.#captioner = await Captioner.load(...(model === undefined ? [] : [model]));
    return answers;
  }

  get manifest() {
    return this.#captioner.manifest;
  }

  /** The caption at a setting; that of `confident` as the manifest has it. */
  async caption(name, gender) {
    const { thresholds, hasCloseUp, wordBonus } = this.manifest.gender ?? {};
    const key =
      gender === 'confident' ? `confident ${JSON.stringify({ ...thresholds, hasCloseUp, wordBonus })}` : gender;
    const say = async () => (await this.#captioner.caption(join(this.#images, name), { gender })).text;
    return this.#get(name, key, say);
  }

  /** What `confident` decides by: `{ logOdds, captions: { male, female, none } }`. */
  async evidence(name) {
    const options = { gender: 'as-is', genderEvidence: true };
    const gather = async () => (await this.#captioner.caption(join(this.#images, name), options)).genderEvidence;
    return this.#get(name, 'evidence', gather);
  }

  dispose() {
    return this.#captioner.dispose();
  }

  async #get(name, key, make) {
    const kept = this.#kept.get(name) ?? {};
    if (kept[key] === undefined) {
      kept[key] = await make();
      this.#kept.set(name, kept);
      appendFileSync(this.#cache, `${JSON.stringify({ name, [key]: kept[key] })}\n`);
    }
    return kept[key];
  }
}

function readCache(cache) {
  const kept = new Map();
  const lines = existsSync(cache) ? readFileSync(cache, 'utf8').split('\n').filter(Boolean) : [];
  for (const { name, ...answer } of lines.map((line) => JSON.parse(line))) {
    kept.set(name, { ...kept.get(name), ...answer });
  }
  return kept;
}
