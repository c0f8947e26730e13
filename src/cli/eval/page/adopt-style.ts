const adopted = new Set<string>();

/** Adds rules to the page, once. A policy that forbids `style` elements (`style-src 'self'`) allows it. */
export function adoptStyle(rules: string): void {
  if (adopted.has(rules)) return;
  adopted.add(rules);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
}
