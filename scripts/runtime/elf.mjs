// Reads and edits 64-bit little-endian ELF files in place, as far as packaging the runtime needs it.
// Layout: https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html and, for versions, the LSB's symbol versioning.
import { Buffer } from 'node:buffer';

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT = { null: 0n, needed: 1n, strtab: 5n, symtab: 6n, strsz: 10n, soname: 14n, verdef: 0x6ffffffcn };
const SYMBOL_BYTES = 24;
const STB_WEAK = 2;
const STB_GNU_UNIQUE = 10;
const EM_X86_64 = 62;
const EM_AARCH64 = 183;

export class ElfFile {
  constructor(bytes, name) {
    this.bytes = bytes;
    this.name = name;
    const isElf = bytes.toString('latin1', 0, 4) === '\x7fELF' && bytes[4] === 2 && bytes[5] === 1;
    if (!isElf) throw new Error(`${name} is not a 64-bit little-endian ELF file.`);
    const count = bytes.readUInt16LE(56);
    const start = Number(bytes.readBigUInt64LE(32));
    this.segments = Array.from({ length: count }, (_, index) => {
      const at = start + index * bytes.readUInt16LE(54);
      const number = (offset) => Number(bytes.readBigUInt64LE(at + offset));
      return { type: bytes.readUInt32LE(at), offset: number(8), address: number(16), size: number(32) };
    });
    this.dynamic = this.#readDynamic();
    this.strings = this.#fileOffset(this.#only(DT.strtab));
  }

  /** 'x64' or 'arm64'. */
  get cpu() {
    const machine = this.bytes.readUInt16LE(18);
    if (machine === EM_X86_64) return 'x64';
    if (machine === EM_AARCH64) return 'arm64';
    throw new Error(`${this.name} is made for a machine that packaging does not know (e_machine ${machine}).`);
  }

  /** The library's own name. */
  get soname() {
    return this.#string(this.#only(DT.soname));
  }

  /** The names of the libraries it needs. */
  get needed() {
    return this.dynamic.filter(({ tag }) => tag === DT.needed).map(({ value }) => this.#string(value));
  }

  /** Replaces a library's name, as its own or as one it needs, by another of the same length. */
  renameLibrary(from, to) {
    if (from.length !== to.length) throw new Error(`"${to}" must have as many characters as "${from}".`);
    const entries = this.dynamic.filter(({ tag }) => tag === DT.soname || tag === DT.needed);
    const found = entries.find(({ value }) => this.#string(value) === from);
    if (!found) throw new Error(`${this.name} names no library "${from}".`);
    this.bytes.write(to, this.strings + Number(found.value), 'latin1');
    if (found.tag === DT.soname) this.#rehashOwnVersion(to);
  }

  /** The bytes of a function that the file exports, sharing memory with it. */
  exportedFunction(name) {
    for (const { at, symbol } of this.#symbols()) {
      if (symbol !== name) continue;
      const start = this.#fileOffset(Number(this.bytes.readBigUInt64LE(at + 8)));
      return this.bytes.subarray(start, start + Number(this.bytes.readBigUInt64LE(at + 16)));
    }
    throw new Error(`${this.name} exports no function "${name}".`);
  }

  /**
   * Makes symbols that are unique in the process (STB_GNU_UNIQUE) weak ones: each file that defines them has its own.
   *
   * @returns their names
   */
  makeUniqueSymbolsOwn() {
    const changed = [];
    for (const { at, symbol } of this.#symbols()) {
      const info = this.bytes[at + 4];
      if (info >> 4 !== STB_GNU_UNIQUE) continue;
      this.bytes[at + 4] = (STB_WEAK << 4) | (info & 15);
      changed.push(symbol);
    }
    return changed;
  }

  /** The dynamic symbols and where they stand. */
  *#symbols() {
    const start = this.#fileOffset(this.#only(DT.symtab));
    // The string table follows the symbol table in what linkers write.
    for (let at = start; at + SYMBOL_BYTES <= this.strings; at += SYMBOL_BYTES) {
      yield { at, symbol: this.#string(this.bytes.readUInt32LE(at)) };
    }
  }

  #readDynamic() {
    const { offset, size } = this.segments.find(({ type }) => type === PT_DYNAMIC);
    const entries = [];
    for (let at = offset; at < offset + size; at += 16) {
      const tag = this.bytes.readBigInt64LE(at);
      if (tag === DT.null) break;
      entries.push({ tag, value: Number(this.bytes.readBigUInt64LE(at + 8)) });
    }
    return entries;
  }

  #only(tag) {
    const entry = this.dynamic.find((candidate) => candidate.tag === tag);
    if (!entry) throw new Error(`${this.name} has no dynamic entry ${tag}.`);
    return entry.value;
  }

  #string(offset) {
    const start = this.strings + Number(offset);
    return this.bytes.toString('latin1', start, this.bytes.indexOf(0, start));
  }

  #fileOffset(address) {
    const segment = this.segments.find(
      ({ type, address: start, size }) => type === PT_LOAD && address >= start && address < start + size,
    );
    if (!segment) throw new Error(`${this.name} has no bytes at address ${address}.`);
    return address - segment.address + segment.offset;
  }

  /** The first version definition, the base, carries the hash of the library's name. */
  #rehashOwnVersion(name) {
    const definition = this.dynamic.find(({ tag }) => tag === DT.verdef);
    if (definition) this.bytes.writeUInt32LE(elfHash(name), this.#fileOffset(definition.value) + 8);
  }
}

/** The hash function of the System V ABI. */
export function elfHash(name) {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = (hash << 4) + byte;
    const high = hash & 0xf0000000;
    if (high !== 0) hash ^= high >>> 24;
    hash &= ~high;
  }
  return hash >>> 0;
}
