import type { AltDecision } from '../../../alt/index.js';
import { element, percent } from '../../eval/page/dom.js';
import { STYLE } from '../../eval/page/style.js';
import type { DecisionMessage, ReviewItem } from './data.js';

const HELP = '1–9 accept a proposal · E edit (Ctrl+Enter saves) · D decorative · S skip · U undo · ← → move';
/** What each reason says to a person. */
const REASONS: Readonly<Record<string, string>> = {
  'low-confidence': 'the model is not sure',
  'nothing-to-describe': 'the model sees nothing to describe',
  unfinished: 'the caption was cut',
  shortened: 'the caption was shortened',
  empty: 'nothing is left of the caption',
  people: 'it speaks of people',
  'text-in-image': 'there may be text in the image',
  graphic: 'it may be a screenshot, a chart or a logo',
  'existing-text': 'a text is the image file’s own: it may speak of something else',
  'beams-disagree': 'the proposals say different things',
  link: 'it is all that a link has: say where the link leads',
};

let items: ReviewItem[] = [];
let at = 0;
/** Decisions reach the server in the order in which they were made. */
let sent: Promise<unknown> = Promise.resolve();

document.head.append(element('style', {}, STYLE));
const desk = element('div', {});
const status = element('p', { role: 'status', class: 'soft' });
document.body.append(
  element(
    'main',
    {},
    element('h1', {}, 'Alternative texts'),
    status,
    desk,
    element('p', { class: 'soft screen-only' }, element('small', {}, HELP)),
  ),
);
document.addEventListener('keydown', onKey);
void load();

async function load(): Promise<void> {
  items = (await (await fetch('items')).json()) as ReviewItem[];
  at = Math.max(
    0,
    items.findIndex(({ decision }) => !decision),
  );
  show();
}

function show(): void {
  const open = items.filter(({ decision }) => !decision).length;
  status.textContent =
    items.length === 0
      ? 'There is nothing to review.'
      : `Image ${at + 1} of ${items.length}; ${open === 0 ? 'all are decided. Close this page and run "captioneer alt apply".' : `${open} left.`}`;
  const item = items[at];
  desk.replaceChildren(...(item ? [card(item)] : []));
}

function card(item: ReviewItem): HTMLElement {
  const { id, file, line, src, hasImage, problem, decision } = item;
  const text = element('textarea', {
    rows: 3,
    'aria-label': 'Your own text',
    id: 'own',
    style: 'width:100%;font:inherit',
  });
  text.value = decision && 'text' in decision ? decision.text : (item.proposals[0]?.text ?? '');
  return element(
    'section',
    { class: 'card', 'aria-label': src ?? file },
    hasImage ? element('img', { src: `image/${id}`, alt: '' }) : element('p', { class: 'wrong' }, problem),
    element(
      'div',
      {},
      element('p', { class: 'name' }, element('b', {}, `${file}:${line}`), ` ${src ?? ''}`),
      contextOf(item),
      decision ? element('p', { class: 'true' }, `Decided: ${nameOf(decision)}`) : null,
      ...item.proposals.map(({ text: proposal, confidence, existing }, i) =>
        element(
          'p',
          {},
          element('button', { onclick: () => decide({ action: 'accept', text: proposal }) }, `${i + 1}`),
          ` ${proposal} `,
          existing === undefined ? null : element('small', { class: 'soft' }, `of the image file: ${existing}`),
          confidence === undefined ? null : element('small', { class: 'soft' }, percent(confidence)),
        ),
      ),
      element('label', { for: 'own' }, 'Your own text:'),
      text,
      element(
        'div',
        { class: 'controls' },
        element('button', { onclick: () => saveText() }, 'Save text'),
        element('button', { onclick: () => decide({ action: 'decorative' }) }, 'Decorative'),
        element('button', { onclick: () => decide({ action: 'skip' }) }, 'Skip'),
        element('button', { onclick: () => undo() }, 'Undo'),
      ),
    ),
  );
}

function contextOf({ context, reasons, problem, hasImage }: ReviewItem): HTMLElement {
  const { heading, figcaption, linkText, title } = context;
  const rows: [string, string | undefined][] = [
    ['Heading', heading],
    ['Caption of the figure', figcaption],
    ['Link', linkText === '' ? '(no other text)' : linkText],
    ['Title', title],
    ['Look closely', reasons.flatMap((reason) => REASONS[reason] ?? []).join('; ') || undefined],
    ['Problem', hasImage ? problem : undefined],
  ];
  return element(
    'ul',
    {},
    ...rows.flatMap(([name, value]) =>
      value === undefined ? [] : [element('li', {}, element('span', { class: 'soft' }, `${name}: `), value)],
    ),
  );
}

function nameOf(decision: AltDecision): string {
  return 'text' in decision ? decision.text : decision.action;
}

function onKey(event: KeyboardEvent): void {
  const field = document.querySelector('textarea');
  if (event.target === field) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) saveText();
    else if (event.key === 'Escape') field?.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const proposal = /^[1-9]$/.test(event.key) ? items[at]?.proposals[Number(event.key) - 1] : undefined;
  const action = ACTIONS[event.key.toLowerCase()];
  if (!proposal && !action) return;
  event.preventDefault();
  if (proposal) decide({ action: 'accept', text: proposal.text });
  else action?.();
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  e: () => document.querySelector('textarea')?.focus(),
  d: () => decide({ action: 'decorative' }),
  s: () => decide({ action: 'skip' }),
  u: undo,
  arrowright: () => move(1),
  arrowleft: () => move(-1),
};

function saveText(): void {
  const text = document.querySelector('textarea')?.value.trim() ?? '';
  if (text !== '') decide({ action: 'edit', text });
}

function undo(): void {
  // The one before, if this one is open.
  if (!items[at]?.decision && at > 0) at -= 1;
  send(undefined);
  show();
}

function decide(decision: AltDecision): void {
  if (!items[at]) return;
  send(decision);
  const next = items.findIndex((item, i) => i > at && !item.decision);
  at = next < 0 ? Math.min(at + 1, items.length - 1) : next;
  show();
}

function move(by: number): void {
  at = Math.min(Math.max(0, at + by), Math.max(0, items.length - 1));
  show();
}

function send(decision: AltDecision | undefined): void {
  const item = items[at];
  if (!item) return;
  const { decision: _before, ...open } = item;
  items[at] = decision ? { ...open, decision } : open;
  const message: DecisionMessage = { id: item.id, ...(decision && { decision }) };
  sent = sent.then(async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('decision', { method: 'POST', headers, body: JSON.stringify(message) }).catch(
      () => undefined,
    );
    if (!response?.ok) status.textContent = 'Not saved: the command has ended, or the queue file cannot be written.';
  });
}
