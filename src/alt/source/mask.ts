/** A text in which code is replaced by as many other characters, so that an HTML parser can read the rest at its own offsets. */
export interface Masked {
  readonly text: string;
  /** What was replaced, in order, without overlaps. */
  readonly masks: readonly Mask[];
}

/** A piece of code: from `start` up to `end`. */
export interface Mask {
  readonly start: number;
  readonly end: number;
}

/** What stands for code that has a value: a letter of no language, neither space nor quote. */
const FILLER = '\uE000';

/** For Markdown: twice or more it is in no text. */
const MARKDOWN_FILLER = ':.';

const CLOSERS: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };

/** The text with each tag of a template replaced. One pass, also if tags do not end. */
function replaceTemplateTags(text: string, replacement: (tag: string, start: number) => string): string {
  const openers = /\{[{%#]/g;
  const pieces: string[] = [];
  /** Kinds of tags of which none ends in the rest of the text. */
  const endless = new Set<string>();
  let at = 0;
  for (let found = openers.exec(text); found; found = openers.exec(text)) {
    const start = found.index;
    const closer = CLOSERS[found[0]]!;
    const close = endless.has(closer) ? -1 : text.indexOf(closer, start + 2);
    if (close < 0) {
      endless.add(closer);
      openers.lastIndex = start + 1;
      if (endless.size === 3) break;
      continue;
    }
    pieces.push(text.slice(at, start), replacement(text.slice(start, close + 2), start));
    at = openers.lastIndex = close + 2;
  }
  return pieces.join('') + text.slice(at);
}

/**
 * Tags of templates, `{{ … }}`, `{% … %}` and `{# … #}`, replaced: values by letters, so that `src={{ url }}` stays one attribute,
 * the others by spaces, so that those between attributes do not stick to them.
 */
export function maskTemplateTags(text: string): Masked {
  const masks: Mask[] = [];
  const masked = replaceTemplateTags(text, (tag, offset) => {
    masks.push({ start: offset, end: offset + tag.length });
    return tag.startsWith('{{') ? tag.replace(/[^\r\n]/g, FILLER) : tag.replace(/[^\r\n]/g, ' ');
  });
  return { text: masked, masks };
}

/** The same for Markdown, which knows fewer characters in names of attributes, and ends a paragraph at a line of spaces. */
export function fillTemplateTags(text: string): string {
  return replaceTemplateTags(text, (tag, offset) => {
    const isInElement = /<[a-z][^<>]*$/i.test(text.slice(Math.max(0, offset - 1000), offset));
    if (isInElement && !tag.startsWith('{{')) return tag.replace(/[^\r\n]/g, ' ');
    let at = 0;
    return tag.replace(/[^\r\n]/g, () => MARKDOWN_FILLER[at++ % 2]!);
  });
}

/** Whether a piece of text has what stands for code. */
export function isFilled(text: string): boolean {
  return text.includes(FILLER) || text.includes(MARKDOWN_FILLER + MARKDOWN_FILLER);
}

/**
 * The first mask that a range has a character of; undefined if there is no code in it.
 *
 * @param masks in order, without overlaps
 */
export function maskWithin(masks: readonly Mask[], start: number, end: number): Mask | undefined {
  let [low, high] = [0, masks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (masks[middle]!.end > start) high = middle;
    else low = middle + 1;
  }
  const mask = masks[low];
  return mask && mask.start < end ? mask : undefined;
}

/**
 * Expressions in braces replaced, as Svelte and Astro have them. In an attribute, `src={a > b}` becomes a quoted value; `{...props}`
 * becomes an attribute that begins with dots, `{alt}` one of its name. In text they become spaces, but for elements inside of
 * them, which Astro allows.
 *
 * @param start where mark-up begins, behind Astro's front matter
 * @param hasMarkupInside whether expressions may have elements in them
 */
export function maskBraces(text: string, start: number, hasMarkupInside: boolean): Masked {
  return new BraceMasker(text, hasMarkupInside).mask(start);
}

/** Elements whose text is not mark-up. */
const RAW = /^<(script|style|textarea)\b/i;

class BraceMasker {
  readonly #text: string;
  readonly #hasMarkupInside: boolean;
  readonly #out: string[];
  readonly #masks: Mask[] = [];

  constructor(text: string, hasMarkupInside: boolean) {
    this.#text = text;
    this.#out = text.split('');
    this.#hasMarkupInside = hasMarkupInside;
  }

  mask(start: number): Masked {
    if (start > 0) this.#blank(0, start, ' ');
    for (let at = start; at < this.#text.length;) at = this.#markup(at);
    // An expression is masked after the elements in it.
    return { text: this.#out.join(''), masks: this.#masks.sort((a, b) => a.start - b.start) };
  }

  /** One step in text: a comment, a tag, an expression or a character. */
  #markup(at: number): number {
    const text = this.#text;
    if (text.startsWith('<!--', at)) return behind(text, '-->', at + 4);
    if (text[at] === '{') return this.#expression(at);
    if (!/^<[a-z/]/i.test(text.slice(at, at + 2))) return at + 1;
    const raw = RAW.exec(text.slice(at, at + 12))?.[1];
    const end = this.#tag(at);
    if (raw === undefined || text[end - 2] === '/') return end;
    const close = text.slice(end).search(new RegExp(`</${raw}`, 'i'));
    return close < 0 ? text.length : end + close;
  }

  /** A tag, from `<` to behind `>`. */
  #tag(at: number): number {
    const text = this.#text;
    while (at < text.length && text[at] !== '>') {
      const character = text[at]!;
      if (character === '"' || character === "'") at = this.#quoted(at);
      else if (character === '`') at = this.#braced(at, this.#code(at, '`'));
      else if (character === '{') at = this.#braced(at, this.#code(at + 1, '}'));
      else at += 1;
    }
    return at + 1;
  }

  /** A value in quotes; Svelte has expressions in it. */
  #quoted(at: number): number {
    const quote = this.#text[at];
    for (at += 1; at < this.#text.length && this.#text[at] !== quote;) {
      if (this.#text[at] !== '{' || this.#hasMarkupInside) at += 1;
      else {
        const end = this.#code(at + 1, '}');
        this.#masked(at, end, FILLER);
        at = end;
      }
    }
    return at + 1;
  }

  /** An expression among attributes: the value of one, a name or a spread. */
  #braced(start: number, end: number): number {
    const isValue = /=\s*$/.test(this.#text.slice(Math.max(0, start - 20), start));
    const name = /^\{\s*(\.\.\.|[\w$-]+\s*\}$)/.exec(this.#text.slice(start, end))?.[1];
    if (isValue) {
      this.#masked(start, end, FILLER);
      this.#out[start] = this.#out[end - 1] = '"';
    } else if (name === '...') {
      const dots = this.#text.indexOf('...', start);
      this.#masked(start, end, FILLER);
      this.#blank(start, dots, ' ');
      this.#blank(dots, dots + 3, '.');
      this.#out[end - 1] = ' ';
    } else {
      this.#masked(start, end, ' ');
      for (let at = start + 1; name !== undefined && at < end - 1; at++) this.#out[at] = this.#text[at]!;
    }
    return end;
  }

  /** An expression in text; its elements, if it may have any, stay. */
  #expression(start: number): number {
    const end = this.#code(start + 1, '}');
    if (this.#hasMarkupInside) {
      this.#masked(start, start + 1, ' ');
      this.#masked(end - 1, end, ' ');
    } else this.#masked(start, end, ' ');
    return end;
  }

  /** Reads code up to, and with, a character that ends it, and past strings, comments and braces inside. */
  #code(at: number, ends: '}' | '`'): number {
    const text = this.#text;
    if (ends === '`') return this.#template(at);
    let from = at;
    const blankUpTo = (end: number): void => {
      if (this.#hasMarkupInside) this.#blank(from, end, ' ');
    };
    while (at < text.length && text[at] !== '}') {
      const rest = text.slice(at, at + 2);
      if (rest === '//') at = behind(text, '\n', at);
      else if (rest === '/*') at = behind(text, '*/', at + 2);
      else if (/^["']/.test(rest)) at = stringEnd(text, at);
      else if (rest.startsWith('`')) at = this.#template(at);
      else if (rest.startsWith('{')) at = this.#code(at + 1, '}');
      else if (this.#hasMarkupInside && isElementStart(text, at)) {
        blankUpTo(at);
        at = this.#element(at);
        from = at;
      } else at += 1;
    }
    blankUpTo(Math.min(at, text.length));
    return Math.min(at + 1, text.length);
  }

  /** An element inside of code, to behind its end tag. */
  #element(at: number): number {
    const text = this.#text;
    let depth = 0;
    do {
      const isTag = /^<[a-z/>]/i.test(text.slice(at, at + 2));
      const name = /^<([\w.:-]*)/.exec(text.slice(at, at + 80))?.[1] ?? '';
      const end = isTag && name === '' && text[at + 1] === '>' ? at + 2 : this.#markup(at);
      if (isTag && text[at + 1] === '/') depth -= 1;
      else if (isTag && text[end - 2] !== '/' && !VOID.has(name.toLowerCase())) depth += 1;
      at = end;
    } while (depth > 0 && at < text.length);
    return at;
  }

  /** A template literal, from its first backtick to behind its last. */
  #template(at: number): number {
    const text = this.#text;
    for (at += 1; at < text.length && text[at] !== '`';) {
      if (text[at] === '\\') at += 2;
      else if (text.startsWith('${', at)) at = this.#code(at + 2, '}');
      else at += 1;
    }
    return at + 1;
  }

  #masked(start: number, end: number, filler: string): void {
    this.#masks.push({ start, end });
    this.#blank(start, end, filler);
  }

  /** Line breaks stay, so that lines are counted as they are. */
  #blank(start: number, end: number, filler: string): void {
    for (let at = start; at < end; at++) if (!/[\r\n]/.test(this.#out[at] ?? '\n')) this.#out[at] = filler;
  }
}

/** Elements without an end tag. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** In code `<` begins an element if a name follows it and no operand precedes it. */
function isElementStart(text: string, at: number): boolean {
  if (text[at] !== '<' || !/[a-z>]/i.test(text[at + 1] ?? '')) return false;
  return /(?:^|[(,=>?:&|{}\n;]|\breturn)\s*$/.test(text.slice(Math.max(0, at - 40), at));
}

function stringEnd(text: string, at: number): number {
  const quote = text[at];
  for (at += 1; at < text.length && text[at] !== quote && text[at] !== '\n';) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function behind(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}
