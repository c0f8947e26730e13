import { type AltDecision, type AltQueue, withDecision } from '../../alt/index.js';
import type { CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { oneLine } from '../console/one-line.js';
import type { Output } from '../console/output.js';
import { isKeyboard, Keyboard, type KeyboardInput } from './keyboard.js';
import type { ReviewItem } from './page/data.js';
import { reviewItems } from './review-items.js';

const LINES_HELP = 'Enter or 1–9: accept · any other text: your own · d: decorative · s: skip · q: quit';
const KEYS_HELP = 'Enter or 1–9: accept · e: edit · d: decorative · s: skip · u: undo · q: quit';

/** What a person answers: a decision, to go back to the image before, or to end. */
type Answer = AltDecision | 'undo' | 'quit' | 'interrupt';

/** Asks a person. */
interface Asker {
  readonly help: string;
  /** @throws the abort reason */
  ask(item: ReviewItem): Promise<Answer>;
  close(): Promise<void> | void;
}

/**
 * Asks for a decision on each image that has none: by single keys in a terminal, by lines if standard input is a pipe.
 *
 * @returns the exit code
 */
export async function reviewInTerminal(
  queue: AltQueue,
  save: (queue: AltQueue) => Promise<void>,
  output: Output,
  io: CommandIo,
): Promise<number> {
  const items = reviewItems(queue).filter(({ decision }) => !decision);
  const asker = isKeyboard(io.stdin) ? askByKeys(io.stdin, io, output) : askByLines(io, output);
  let now = queue;
  const decide = async ({ id }: ReviewItem, decision: AltDecision | undefined): Promise<void> => {
    now = withDecision(now, id, decision);
    await save(now);
  };
  try {
    await output.print(`${items.length} to decide. ${asker.help}\n`);
    for (let index = 0; index < items.length;) {
      const item = items[index]!;
      await output.print(question(item, index, items.length));
      const answer = await asker.ask(item);
      if (answer === 'quit') return EXIT_CODE.ok;
      if (answer === 'interrupt') return EXIT_CODE.interrupted;
      if (answer === 'undo') {
        index = Math.max(0, index - 1);
        await decide(items[index]!, undefined);
      } else {
        await decide(item, answer);
        index += 1;
      }
    }
  } finally {
    await asker.close();
  }
  await output.print('All are decided. Next: captioneer alt apply\n');
  return EXIT_CODE.ok;
}

function askByKeys(stdin: KeyboardInput, { stdout, signal }: CommandIo, output: Output): Asker {
  const keyboard = new Keyboard(stdin, stdout, signal);
  const edit = async ({ proposals }: ReviewItem): Promise<AltDecision | undefined> => {
    const text = (await keyboard.line('> ', proposals[0]?.text ?? ''))?.trim();
    if (text !== undefined && text !== '') return { action: 'edit', text };
    await output.print('\n> ');
    return undefined;
  };
  return {
    help: KEYS_HELP,
    async ask(item) {
      for (;;) {
        const { name, ctrl, sequence } = await keyboard.next();
        if (ctrl && name === 'c') return 'interrupt';
        if (ctrl ? name === 'd' : name === 'q') return 'quit';
        if (name === 'u') return 'undo';
        const decision =
          name === 'e' ? await edit(item) : decisionOf(name === 'return' ? '' : (name ?? sequence ?? '?'), item, false);
        if (!decision) continue;
        // The editor has shown its text.
        if (decision.action !== 'edit') await output.print(`${'text' in decision ? decision.text : decision.action}\n`);
        return decision;
      }
    },
    close: () => keyboard.close(),
  };
}

function askByLines({ stdin, signal }: CommandIo, output: Output): Asker {
  const lines = linesOf(stdin);
  // Nothing else ends the wait for a line.
  signal.addEventListener('abort', () => (stdin as { destroy?: () => void }).destroy?.(), { once: true });
  return {
    help: LINES_HELP,
    async ask(item) {
      for (;;) {
        const line = await lines.next().catch((error: unknown) => {
          signal.throwIfAborted();
          throw error;
        });
        signal.throwIfAborted();
        if (line.done || line.value === 'q') return 'quit';
        const decision = decisionOf(line.value, item, true);
        if (decision !== undefined) return decision;
        await output.print(`There is no such proposal. ${LINES_HELP}\n> `);
      }
    },
    close: async () => {
      await lines.return();
    },
  };
}

function question(
  { file, line, src, context, reasons, problem, proposals }: ReviewItem,
  index: number,
  total: number,
): string {
  const { heading, figcaption, linkText, title } = context;
  const facts: [string, string | undefined][] = [
    ['heading', heading],
    ['caption', figcaption],
    ['link', linkText === '' ? '(no other text)' : linkText],
    ['title', title],
    ['look closely', reasons.length > 0 ? reasons.join(', ') : undefined],
    ['problem', problem],
  ];
  const known = facts.flatMap(([name, value]) => (value === undefined ? [] : [`    ${name}: ${oneLine(value)}`]));
  const choices = proposals.map(({ text, confidence, existing }, i) => {
    const share = confidence === undefined ? '' : ` (${Math.round(100 * confidence)} %)`;
    return `  ${i + 1}. ${oneLine(text)}${existing === undefined ? share : ` (of the image file: ${oneLine(existing)})`}`;
  });
  return `\n[${index + 1}/${total}] ${oneLine(`${file}:${line} ${src ?? ''}`)}\n${[...known, ...choices, '> '].join('\n')}`;
}

/**
 * @param mayBeText whether an answer that is nothing else is a text of the person's own
 * @returns undefined for a number that no proposal has
 */
function decisionOf(answer: string, { proposals }: ReviewItem, mayBeText: boolean): AltDecision | undefined {
  const text = answer.trim();
  if (text === 'd') return { action: 'decorative' };
  if (text === 's') return { action: 'skip' };
  if (text !== '' && !/^\d$/.test(text)) return mayBeText ? { action: 'edit', text } : undefined;
  const proposal = proposals[text === '' ? 0 : Number(text) - 1];
  return proposal && { action: 'accept', text: proposal.text };
}

async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of stream) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
