const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text for the content of an XML element, or for an attribute in double quotes. Characters that XML does not allow are left out. */
export function escapeXml(text: string): string {
  const allowed = text.replace(/[\t\n\r]|[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (character) =>
    '\t\n\r'.includes(character) ? character : '',
  );
  return allowed.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
