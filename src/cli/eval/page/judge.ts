import type { CaptionJudgement, Verdict } from '../../../evaluation/index.js';
import type { JudgementFile } from '../judgements.js';
import { type JudgePageData, readData } from './data.js';
import { element } from './dom.js';
import { STYLE } from './style.js';

/** Answers for one image: a verdict for each caption shown, and the place of the best; null for none. */
interface Answer {
  verdicts: (Verdict | undefined)[];
  preferred?: number | null;
}

const LABELS: Readonly<Record<Verdict, string>> = {
  true: 'true',
  slip: 'slip: the main thing is right, with a mistake',
  wrong: 'the main thing is wrong',
};
const KEYS: Readonly<Record<string, Verdict>> = {
  '1': 'true',
  '2': 'slip',
  '3': 'wrong',
  t: 'true',
  s: 'slip',
  w: 'wrong',
};
const LETTERS = 'abcdefghij';

const data = readData() as JudgePageData;
const storageKey = `captioneer-judge-${data.key}`;
const shown = data.images.map(({ captions }) => captions);
const answers = load();
let at = Math.max(
  0,
  answers.findIndex((_, i) => !isDone(i)),
);
const main = element('main');

document.head.append(element('style', {}, STYLE));
document.body.replaceChildren(main);
document.addEventListener('keydown', onKey);
show();

function isDone(i: number): boolean {
  const { verdicts, preferred } = answers[i]!;
  return verdicts.every((verdict) => verdict !== undefined) && (shown[i]!.length < 2 || preferred !== undefined);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || answers.length === 0) return;
  const key = event.key.toLowerCase();
  const next = current();
  if (key === 'arrowleft') go(at - 1);
  else if (key === 'arrowright') go(at + 1);
  else if (key === 'backspace') undo();
  else if (next !== undefined && KEYS[key]) judge(next, KEYS[key]);
  else if (next === undefined && shown[at]!.length > 1) {
    if (key === '0' || key === '=') prefer(null);
    else if (LETTERS.includes(key) && LETTERS.indexOf(key) < shown[at]!.length) prefer(LETTERS.indexOf(key));
    else return;
  } else return;
  event.preventDefault();
}

/** The first caption of this image without a verdict. */
function current(): number | undefined {
  const place = answers[at]!.verdicts.findIndex((verdict) => verdict === undefined);
  return place === -1 ? undefined : place;
}

function judge(caption: number, verdict: Verdict): void {
  answers[at]!.verdicts[caption] = verdict;
  finishStep();
}

function prefer(caption: number | null): void {
  answers[at]!.preferred = caption;
  finishStep();
}

function finishStep(): void {
  save();
  if (isDone(at) && at < answers.length - 1) at++;
  show();
}

function undo(): void {
  const answer = answers[at]!;
  const last = answer.verdicts.findLastIndex((verdict) => verdict !== undefined);
  if (answer.preferred !== undefined) delete answer.preferred;
  else if (last >= 0) answer.verdicts[last] = undefined;
  else {
    go(at - 1);
    return;
  }
  save();
  show();
}

function go(place: number): void {
  at = Math.min(Math.max(place, 0), answers.length - 1);
  show();
}

function show(): void {
  if (data.images.length === 0) {
    main.replaceChildren(element('p', {}, 'There are no images to judge.'));
    return;
  }
  const { source } = data.images[at]!;
  const done = answers.filter((_, i) => isDone(i)).length;
  main.replaceChildren(
    element('h1', {}, 'Are these captions true?'),
    element(
      'p',
      { class: 'soft', 'aria-live': 'polite' },
      `${data.title} · image ${at + 1} of ${answers.length} · ${done} done · answers are kept in this browser`,
    ),
    element('img', { src: source, alt: 'image to judge', style: 'max-width:100%;max-height:55vh;border-radius:.4rem' }),
    ...shown[at]!.map(captionRow),
    ...(shown[at]!.length > 1 ? [preferenceRow()] : []),
    controls(done),
  );
}

function captionRow(caption: string, place: number): HTMLElement {
  const given = answers[at]!.verdicts[place];
  const isCurrent = current() === place;
  const buttons = (Object.keys(LABELS) as Verdict[]).map((verdict, i) =>
    element(
      'button',
      {
        type: 'button',
        class: given === verdict ? verdict : '',
        'aria-pressed': String(given === verdict),
        title: LABELS[verdict],
        onclick: () => judge(place, verdict),
      },
      `${i + 1} ${verdict}${given === verdict ? ' ✓' : ''}`,
    ),
  );
  return element(
    'div',
    { class: 'card', style: `display:block;${isCurrent ? 'border-color:var(--accent);border-width:2px' : ''}` },
    element('strong', {}, shown[at]!.length > 1 ? `${LETTERS[place]!.toUpperCase()}. ` : '', caption),
    element('div', { class: 'controls' }, ...buttons),
  );
}

function preferenceRow(): HTMLElement {
  const { preferred } = answers[at]!;
  const button = (label: string, place: number | null): HTMLElement =>
    element(
      'button',
      { type: 'button', 'aria-pressed': String(preferred === place), onclick: () => prefer(place) },
      `${label}${preferred === place ? ' ✓' : ''}`,
    );
  const places = shown[at]!.map((_, place) => button(LETTERS[place]!.toUpperCase(), place));
  return element('div', { class: 'controls' }, 'Best:', ...places, button('0 none', null));
}

function controls(done: number): HTMLElement {
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'controls' },
      element('button', { type: 'button', onclick: () => go(at - 1) }, '← previous'),
      element('button', { type: 'button', onclick: () => go(at + 1) }, 'next →'),
      element('button', { type: 'button', onclick: download }, `Save ${done} judgements`),
    ),
    element(
      'p',
      { class: 'soft' },
      'Keys: 1 true, 2 slip (the main thing is right, with a mistake), 3 the main thing is wrong; then the letter of the best ' +
        'caption, or 0 for none; arrows move, Backspace undoes. The page does not know which system gave a caption. Pass the saved file ' +
        'to captioneer eval with --judgements.',
    ),
  );
}

/** Judgements of the images that are done, by caption. */
function judgements(): CaptionJudgement[] {
  return data.images.flatMap(({ image, captions }, i) => {
    if (!isDone(i)) return [];
    const { verdicts, preferred } = answers[i]!;
    const best = preferred == null ? preferred : captions[preferred];
    return [
      {
        image,
        verdicts: captions.map((caption, place) => ({ caption, verdict: verdicts[place]! })),
        ...(best !== undefined && { preferred: best }),
      },
    ];
  });
}

function download(): void {
  const file: JudgementFile = { format: 'captioneer-judgements', version: 2, judgements: judgements() };
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: 'application/json' }));
  element('a', { href: url, download: 'judgements.json' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function load(): Answer[] {
  const empty = shown.map(({ length }): Answer => ({ verdicts: Array.from({ length }, () => undefined) }));
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '[]') as (Answer | undefined)[];
    return empty.map((answer, i) => {
      const found = kept[i];
      if (found?.verdicts.length !== answer.verdicts.length) return answer;
      return { ...found, verdicts: found.verdicts.map((verdict) => verdict ?? undefined) };
    });
  } catch {
    return empty; // The browser does not store anything for files, or has other answers under this key.
  }
}

function save(): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(answers));
  } catch {
    // The browser does not store anything for files: the answers are lost if the page is closed.
  }
}
