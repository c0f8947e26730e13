import { type AltDecision, type AltQueue, withDecision } from '../../alt/index.js';
import type { CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { oneLine } from '../console/one-line.js';
import type { Output } from '../console/output.js';
import type { ReviewItem } from './page/data.js';
import { reviewItems } from './review-items.js';

const HELP = 'Enter or 1–9: accept · any other text: your own · d: decorative · s: skip · q: quit';

/**
 * Asks for a decision on each image that has none, one line each.
 *
 * @returns the exit code
 */
export async function reviewInTerminal(
  queue: AltQueue,
  save: (queue: AltQueue) => Promise<void>,
  output: Output,
  { stdin, signal }: CommandIo,
): Promise<number> {
  const items = reviewItems(queue).filter(({ decision }) => !decision);
  const lines = linesOf(stdin);
  // Nothing else ends the wait for a line.
  signal.addEventListener('abort', () => (stdin as { destroy?: () => void }).destroy?.(), { once: true });
  let now = queue;
  await output.print(`${items.length} to decide. ${HELP}\n`);
  for (const [index, item] of items.entries()) {
    await output.print(question(item, index, items.length));
    for (;;) {
      const line = await lines.next().catch((error: unknown) => {
        signal.throwIfAborted();
        throw error;
      });
      signal.throwIfAborted();
      if (line.done || line.value === 'q') {
        await lines.return();
        return EXIT_CODE.ok;
      }
      const decision = decisionOf(line.value, item);
      if (decision === undefined) {
        await output.print(`There is no such proposal. ${HELP}\n> `);
        continue;
      }
      now = withDecision(now, item.id, decision);
      await save(now);
      break;
    }
  }
  await output.print('All are decided. Next: captioneer alt apply\n');
  return EXIT_CODE.ok;
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

/** @returns undefined for a number that no proposal has */
function decisionOf(answer: string, { proposals }: ReviewItem): AltDecision | undefined {
  const text = answer.trim();
  if (text === 'd') return { action: 'decorative' };
  if (text === 's') return { action: 'skip' };
  if (text !== '' && !/^\d$/.test(text)) return { action: 'edit', text };
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
