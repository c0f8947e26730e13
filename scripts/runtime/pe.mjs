// Reads and edits 64-bit Windows files (PE32+) in place, as far as packaging the runtime needs it.
// Layout: https://learn.microsoft.com/windows/win32/debug/pe-format
const PE32_PLUS = 0x20b;
/** Entries of the optional header's table of directories, which starts at byte 112. */
const DIRECTORY = { exports: 0, imports: 1, certificates: 4, delayedImports: 13 };
const IMPORT_BYTES = 20;
const DELAYED_IMPORT_BYTES = 32;
const MACHINES = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
]);
const SECTION_BYTES = 40;

export class PeFile {
  constructor(bytes, name) {
    this.bytes = bytes;
    this.name = name;
    const header = bytes.length < 64 ? 0 : bytes.readUInt32LE(60);
    const isPe = bytes.toString('latin1', header, header + 4) === 'PE\0\0';
    this.machine = header + 4;
    this.optionalHeader = header + 24;
    if (!isPe || bytes.readUInt16LE(this.optionalHeader) !== PE32_PLUS) {
      throw new Error(`${name} is not a 64-bit Windows file.`);
    }
    const firstSection = this.optionalHeader + bytes.readUInt16LE(header + 20);
    this.sections = Array.from({ length: bytes.readUInt16LE(header + 6) }, (_, index) => {
      const at = firstSection + index * SECTION_BYTES;
      const [address, size, offset] = [12, 16, 20].map((field) => bytes.readUInt32LE(at + field));
      return { address, size, offset };
    });
  }

  /** 'x64' or 'arm64'. */
  get cpu() {
    const machine = this.bytes.readUInt16LE(this.machine);
    const cpu = MACHINES.get(machine);
    if (cpu === undefined)
      throw new Error(`${this.name} is made for a machine that packaging does not know (${machine}).`);
    return cpu;
  }

  /** The first section of machine code, sharing memory with the file, and its address. */
  get code() {
    const { address, size, offset } = this.sections[0];
    return { address, bytes: this.bytes.subarray(offset, offset + size) };
  }

  /** The library's own name, which its table of exports carries. */
  get ownName() {
    return this.#string(this.#ownName());
  }

  /** The names of the libraries that are loaded with it. */
  get needed() {
    return this.#imports().map((at) => this.#string(at));
  }

  /** Replaces a library's name, as its own or as one it needs, by another that is not longer. */
  renameLibrary(from, to) {
    if (to.length > from.length) throw new Error(`"${to}" must not have more characters than "${from}".`);
    const at = [this.#ownName(), ...this.#imports()].find((candidate) => this.#string(candidate) === from);
    if (at === undefined) throw new Error(`${this.name} names no library "${from}".`);
    this.bytes.fill(0, at, at + from.length);
    this.bytes.write(to, at, 'latin1');
  }

  /**
   * Removes the signature, which does not fit a file that was changed. It is the last thing in the file.
   *
   * @returns the bytes that remain
   */
  withoutSignature() {
    const directory = this.#directory(DIRECTORY.certificates);
    const start = this.bytes.readUInt32LE(directory);
    const size = this.bytes.readUInt32LE(directory + 4);
    if (start === 0) return this.bytes;
    if (start + size !== this.bytes.length) throw new Error(`${this.name} has something behind its signature.`);
    this.bytes.fill(0, directory, directory + 8);
    this.bytes.writeUInt32LE(0, this.optionalHeader + 64); // the checksum; 0: there is none
    return this.bytes.subarray(0, start);
  }

  /** The address of the pointer to a function of another library, which is filled in at the first call ("delay-load"). */
  delayedImport(name) {
    const start = this.#fileOffset(this.bytes.readUInt32LE(this.#directory(DIRECTORY.delayedImports)));
    for (let at = start; this.bytes.readUInt32LE(at + 4) !== 0; at += DELAYED_IMPORT_BYTES) {
      const pointers = this.bytes.readUInt32LE(at + 12);
      const names = this.#fileOffset(this.bytes.readUInt32LE(at + 16));
      for (let index = 0; this.bytes.readBigUInt64LE(names + index * 8) !== 0n; index += 1) {
        if (this.bytes.readUInt8(names + index * 8 + 7) >= 0x80) continue; // by number
        const hint = this.#fileOffset(this.bytes.readUInt32LE(names + index * 8));
        if (this.#string(hint + 2) === name) return pointers + index * 8;
      }
    }
    throw new Error(`${this.name} imports no function "${name}".`);
  }

  /** Where the library's own name stands. */
  #ownName() {
    const exported = this.#fileOffset(this.bytes.readUInt32LE(this.#directory(DIRECTORY.exports)));
    return this.#fileOffset(this.bytes.readUInt32LE(exported + 12));
  }

  /** Where the names of the libraries that it needs stand. */
  #imports() {
    const found = [];
    const start = this.#fileOffset(this.bytes.readUInt32LE(this.#directory(DIRECTORY.imports)));
    for (let at = start; this.bytes.readUInt32LE(at + 12) !== 0; at += IMPORT_BYTES) {
      found.push(this.#fileOffset(this.bytes.readUInt32LE(at + 12)));
    }
    return found;
  }

  #directory(index) {
    return this.optionalHeader + 112 + index * 8;
  }

  #string(at) {
    return this.bytes.toString('latin1', at, this.bytes.indexOf(0, at));
  }

  #fileOffset(address) {
    const section = this.sections.find(({ address: start, size }) => address >= start && address < start + size);
    if (!section) throw new Error(`${this.name} has no bytes at address ${address}.`);
    return address - section.address + section.offset;
  }
}
