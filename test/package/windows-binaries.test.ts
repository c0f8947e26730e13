import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script without types
import { PeFile } from '../../scripts/runtime/pe.mjs';
// @ts-expect-error a script without types
import { ignoreUnthrowableErrors } from '../../scripts/runtime/stop-safely.mjs';

const upstream = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '../bin/napi-v6/win32');
const LIBRARY = 'onnxruntime.dll';
const OWN = 'captioneer.dll';

/** As `scripts/runtime/pe.mjs` has it. */
interface WindowsFile {
  readonly bytes: Buffer;
  readonly cpu: string;
  readonly needed: string[];
  readonly ownName: string;
  renameLibrary(from: string, to: string): void;
  withoutSignature(): Buffer;
  delayedImport(name: string): number;
}

const OpenedFile = PeFile as new (bytes: Buffer, name: string) => WindowsFile;
const stopSafely = ignoreUnthrowableErrors as (addon: WindowsFile) => void;

function file(cpu: string, name: string): WindowsFile {
  return new OpenedFile(readFileSync(join(upstream, cpu, name)), name);
}

describe.each(['x64', 'arm64'])('the Windows binaries for %s', (cpu) => {
  it('the addon asks for a library of our name, and a thread that is stopped does not end the process', () => {
    const addon = file(cpu, 'onnxruntime_binding.node');
    expect(addon.cpu).toBe(cpu);
    expect(addon.needed).toContain(LIBRARY);
    const before = Buffer.from(addon.bytes);
    addon.renameLibrary(LIBRARY, OWN);
    expect(addon.needed).toContain(OWN);
    expect(addon.needed).not.toContain(LIBRARY);
    const renamed = Buffer.from(addon.bytes);
    stopSafely(addon);
    expect(differences(before, renamed)).toBeLessThanOrEqual(LIBRARY.length);
    // One instruction.
    expect(differences(renamed, addon.bytes)).toBe(cpu === 'x64' ? 2 : 4);
    // There is no second one.
    expect(() => stopSafely(addon)).toThrow(/0 branches after napi_throw were found, not 1/);
  });

  it('the library has our name, and no signature', () => {
    const library = file(cpu, LIBRARY);
    expect(library.ownName).toBe(LIBRARY);
    library.renameLibrary(LIBRARY, OWN);
    expect(library.ownName).toBe(OWN);
    const unsigned = new OpenedFile(library.withoutSignature(), LIBRARY);
    expect(unsigned.bytes.length).toBeLessThan(library.bytes.length);
    expect(unsigned.withoutSignature()).toBe(unsigned.bytes);
  });
});

it('what is not a 64-bit Windows file is refused, and a name that does not fit', () => {
  expect(() => new OpenedFile(Buffer.from('MZ'), 'short.dll')).toThrow(/short.dll is not a 64-bit Windows file/);
  const library = file('x64', LIBRARY);
  expect(() => library.renameLibrary(LIBRARY, 'a-much-longer-name.dll')).toThrow(/must not have more characters/);
  expect(() => library.renameLibrary('other.dll', 'a.dll')).toThrow(/names no library "other.dll"/);
  expect(() => library.delayedImport('napi_nothing')).toThrow(/imports no function "napi_nothing"/);
});

function differences(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((count, byte, index) => count + Number(byte !== b[index]), 0);
}
