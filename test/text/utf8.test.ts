import { afterEach, describe, expect, it, vi } from 'vitest';
import { RuntimeError } from '../../src/core/index.js';
import { createUtf8Decoder, decodeUtf8, encodeUtf8 } from '../../src/text/utf8.js';
import { decodeJson } from '../../src/validate/decode-json.js';

const TEXT = '\u{1f431} Käse';
const BYTES = new Uint8Array(Buffer.from(TEXT));

describe('UTF-8 in a realm without TextDecoder and TextEncoder, as that of jsdom', () => {
  const hide = () => {
    vi.stubGlobal('TextDecoder', undefined);
    vi.stubGlobal('TextEncoder', undefined);
  };
  afterEach(() => vi.unstubAllGlobals());

  it("is Node's own", () => {
    hide();
    expect(decodeUtf8(BYTES)).toBe(TEXT);
    expect(encodeUtf8(TEXT)).toEqual(BYTES);
    expect(() => createUtf8Decoder({ fatal: true }).decode(Uint8Array.of(0xff))).toThrow();
    expect(decodeJson(Buffer.from('{"a": 1}'), 'a.json', 100)).toBe('{"a": 1}');
  });

  it('is an error that says so if there is no Node either, and not one of the file that is read', () => {
    hide();
    vi.stubGlobal('process', {});
    expect(() => decodeUtf8(BYTES)).toThrow(RuntimeError);
    expect(() => encodeUtf8(TEXT)).toThrow(/no TextEncoder here.*globalThis\.TextEncoder/);
    expect(() => decodeJson(BYTES, 'a.json', 100)).toThrow(RuntimeError);
  });
});
