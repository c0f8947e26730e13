import { Command } from 'commander';
import { HELP_AFTER } from './help.js';
import { realNumber, wholeNumber } from './option-values.js';

/** Beams that the library allows; the captions of a search are never more than its beams. */
const MAX_BEAMS = 64;
const MAX_THREADS = 256;

/** Options as the parser gives them: a value is there where the option was given. */
export interface GivenOptions {
  readonly model?: string;
  readonly revision?: string;
  readonly dtype?: string;
  readonly threads?: number;
  readonly recursive?: true;
  readonly numBeams?: number;
  readonly numCaptions?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly lengthPenalty?: number;
  readonly sample?: true;
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly prefix?: string;
  readonly ban?: readonly string[];
  readonly require?: readonly string[];
  readonly stream?: true;
  readonly maxPixels?: number;
  readonly timeout?: number;
  readonly json?: true;
  readonly quiet?: true;
}

/**
 * The command line's grammar.
 *
 * @param version what `--version` answers
 */
export function createCommand(version: string): Command {
  const command = new Command('captioneer')
    .description('Describes pictures, each in one sentence. It all happens on this machine.')
    .usage('[options] <picture...>')
    .argument(
      '[picture...]',
      'file, folder, pattern in quotes ("photos/*.jpg"), URL (http:, https:, file:, data:), or - for standard input',
    )
    .addHelpText('after', HELP_AFTER);
  command
    .optionsGroup('Pictures and model:')
    .option('-r, --recursive', 'search folders within folders too')
    .option(
      '-m, --model <model>',
      'folder, URL, installed package, or hub id (owner/name) of the model (default: the one that comes with captioneer)',
    )
    .option('--revision <name>', 'branch, tag or commit of a model on the hub (default: main)')
    .option('--dtype <kind>', 'weights of a model in the public layout: fp32, fp16, q8, … (default: fp32)');
  addCaptionOptions(command.optionsGroup('Captions (left out, the model decides):'));
  addWordOptions(command.optionsGroup('Words:'));
  addSamplingOptions(command.optionsGroup('Chance:'));
  addLimitOptions(command.optionsGroup('Limits:'));
  command
    .optionsGroup('Output:')
    .option('--json', 'print JSON Lines, with scores, tokens and timing')
    .option('--stream', 'print each caption while it comes into being')
    .option('-q, --quiet', 'show no progress bar; errors are printed all the same')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
  return command;
}

function addCaptionOptions(command: Command): void {
  command
    .option(
      '--num-beams <n>',
      `captions that the search pursues at once, 1 to ${MAX_BEAMS}; 1 is greedy`,
      wholeNumber('--num-beams', 1, MAX_BEAMS),
    )
    .option(
      '--num-captions <n>',
      'captions to print for each picture, best first, at most --num-beams; raises the beams where those are left out ' +
        '(default: 1)',
      wholeNumber('--num-captions', 1, MAX_BEAMS),
    )
    .option('--min-length <n>', 'fewest tokens (about words) of a caption', wholeNumber('--min-length', 0))
    .option('--max-length <n>', 'most tokens of a caption', wholeNumber('--max-length', 1))
    .option(
      '--length-penalty <x>',
      'above 0 favours long captions, below 0 short ones',
      realNumber('--length-penalty'),
    );
}

function addWordOptions(command: Command): void {
  command
    .option('--prefix <text>', 'what every caption begins with, such as "a photo of"')
    .option('--ban <phrase>', 'word or phrase that never comes; may be given several times', gather)
    .option(
      '--require <phrase>',
      'word or phrase that every caption contains ("dog|puppy": one of them); may be given several times; needs beams',
      gather,
    );
}

function addSamplingOptions(command: Command): void {
  command
    .option('--sample', 'draw the words by their probability instead of searching for the likeliest')
    .option(
      '--temperature <x>',
      'with --sample: below 1 likelier words, above 1 bolder ones',
      realNumber('--temperature', true),
    )
    .option(
      '--top-p <x>',
      'with --sample: only the likeliest words that add up to this, 0 to 1',
      realNumber('--top-p', true),
    )
    .option('--seed <n>', 'with --sample: makes the result reproducible', wholeNumber('--seed', 0));
}

/** Collects the values of an option that may come more than once. */
function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function addLimitOptions(command: Command): void {
  command
    .option('--max-pixels <n>', 'refuse pictures of more pixels (default: 100 million)', wholeNumber('--max-pixels', 1))
    .option(
      '--timeout <seconds>',
      'longest wait for a picture behind a URL (default: 30)',
      realNumber('--timeout', true),
    )
    .option(
      '--threads <n>',
      `processor threads, 1 to ${MAX_THREADS} (default: one for each core, at most 4)`,
      wholeNumber('--threads', 1, MAX_THREADS),
    );
}
