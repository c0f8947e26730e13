import type { PromptedTask, PromptedTasks } from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';

/** A task of Florence-2: its token, the text that stands for it, and most tokens of an answer, as the model's card has them. */
interface Florence2Task {
  readonly token: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
}

/** What Florence-2 is asked for (Xiao 2023, https://arxiv.org/abs/2311.06242). The prompts are those of `Florence2Processor`. */
const TASKS: Readonly<Record<keyof PromptedTasks, Florence2Task>> = {
  short: { token: '<CAPTION>', prompt: 'What does the image describe?', maxNewTokens: 100 },
  detailed: {
    token: '<DETAILED_CAPTION>',
    prompt: 'Describe in detail what is shown in the image.',
    maxNewTokens: 128,
  },
  paragraph: {
    token: '<MORE_DETAILED_CAPTION>',
    prompt: 'Describe with a paragraph what is shown in the image.',
    maxNewTokens: 256,
  },
  text: { token: '<OCR>', prompt: 'What is the text in the image?', maxNewTokens: 512 },
};

/**
 * The tasks of a checkpoint, with its own prompts if `preprocessor_config.json` has them.
 *
 * @param numForced forced first tokens, which transformers counts as new and this library does not
 * @param stated most tokens of a caption if the checkpoint states it itself
 * @throws ManifestError if a prompt is not a text
 */
export function readTasks(processor: FieldReader, numForced: number, stated: number | undefined): PromptedTasks {
  const prompts = processor.field('task_prompts_without_inputs');
  const read = ({ token, prompt, maxNewTokens }: Florence2Task): PromptedTask => {
    const own = prompts.isGiven ? prompts.field(token) : prompts;
    return { prompt: own.isGiven ? own.string() : prompt, maxLength: stated ?? maxNewTokens - numForced };
  };
  const { short, detailed, paragraph, text } = TASKS;
  return { short: read(short), detailed: read(detailed), paragraph: read(paragraph), text: read(text) };
}
