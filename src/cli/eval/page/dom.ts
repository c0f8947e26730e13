/** What can stand in an element. */
export type Child = Node | string | number | null | undefined;

/** Makes an element. Properties that begin with `on` are listeners. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Readonly<Record<string, string | number | boolean | ((event: Event) => void)>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false) made.setAttribute(key, String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined) continue;
    made.append(typeof child === 'number' ? String(child) : child);
  }
  return made;
}

/** A table with its explanation above it; the first cell of each row is its heading. */
export function table(head: readonly Child[], rows: readonly (readonly Child[])[], caption?: string): HTMLElement {
  return element(
    'div',
    {},
    caption === undefined ? null : element('p', { class: 'caption' }, caption),
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption ?? 'table' },
      element(
        'table',
        {},
        element('thead', {}, element('tr', {}, ...head.map((cell) => element('th', { scope: 'col' }, cell)))),
        element(
          'tbody',
          {},
          ...rows.map((cells) =>
            element(
              'tr',
              {},
              ...cells.map((cell, i) => (i === 0 ? element('th', { scope: 'row' }, cell) : element('td', {}, cell))),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A part of the page with its heading. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  return element('section', { id }, element('h2', {}, title), ...children);
}

/** A number with so many decimals, and a minus sign if it is below 0 as it is shown. */
export function fixed(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The same with a plus sign if it is not below 0. */
export function signed(value: number, digits = 3): string {
  const text = fixed(value, digits);
  return text.startsWith('−') ? text : `+${text}`;
}

export const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;
