/**
 * GPT-2's way to write any byte as one visible character, so that a vocabulary of byte sequences is plain text: printable
 * Latin-1 characters stand for themselves, the other bytes for the characters from U+0100 on; a space is `Ġ`.
 */
const CHARACTERS: readonly string[] = makeCharacters();
const BYTES: ReadonlyMap<string, number> = new Map(CHARACTERS.map((character, byte) => [character, byte]));

function makeCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

function isPrintable(byte: number): boolean {
  const isAscii = byte >= 0x21 && byte <= 0x7e;
  return isAscii || (byte >= 0xa1 && byte !== 0xad); // neither control characters, nor spaces, nor the soft hyphen
}

/** The character that stands for a byte, 0 … 255. */
export function byteCharacter(byte: number): string {
  return CHARACTERS[byte] as string;
}

/** The bytes that a token of such characters stands for; undefined if it has any other character. */
export function tokenBytes(token: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = BYTES.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
