// Lets a thread that runs a graph be stopped.
//
// `worker.terminate()` forbids native code to call into JavaScript, so the addon's next call fails, and it reports that by a
// C++ exception. At the addon's edge node-addon-api turns the exception into a JavaScript one by napi_throw; that fails, too,
// and as the addon is compiled, the failure is thrown as a second C++ exception, which nothing catches: the whole process
// aborts. node-addon-api has a compile-time setting to ignore a failure of napi_throw (NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS).
// This does the same in the compiled function: the branch that is taken if napi_throw fails becomes a no-op, so that the
// function returns, and with it the thread ends as it should.
import { Buffer } from 'node:buffer';
import { ElfFile } from './elf.mjs';

/** `Napi::Error::ThrowAsJavaScriptException() const` */
const FUNCTION = '_ZNK4Napi5Error26ThrowAsJavaScriptExceptionEv';

const NO_OP = { x64: Buffer.from([0x66, 0x90]), arm64: Buffer.from([0x1f, 0x20, 0x03, 0xd5]) };

/**
 * @param addon an ElfFile or a PeFile, which is changed in place
 * @throws Error if the code does not look as expected, as after an update of onnxruntime-node
 */
export function ignoreUnthrowableErrors(addon) {
  const { code, branches } = addon instanceof ElfFile ? inElf(addon) : inPe(addon);
  if (branches.length !== 1) {
    throw new Error(
      `${addon.name}: ${branches.length} branches after napi_throw were found, not 1. Look at the function ` +
        'Napi::Error::ThrowAsJavaScriptException with objdump -d and bring scripts/runtime/stop-safely.mjs up to date.',
    );
  }
  NO_OP[addon.cpu].copy(code, branches[0]);
}

/** On Linux the function is exported, and calls napi_throw once. */
function inElf(addon) {
  const code = addon.exportedFunction(FUNCTION);
  return { code, branches: addon.cpu === 'x64' ? branchesX64(code) : branchesArm64(code) };
}

/** `mov %rdx,%rsi; call napi_throw; test %eax,%eax; jne …` */
function branchesX64(code) {
  const pattern = /\x48\x89\xd6\xe8[^]{4}\x85\xc0\x75/g;
  return Array.from(code.toString('latin1').matchAll(pattern), ({ index, 0: match }) => index + match.length - 1);
}

/** `mov x0, xN; bl napi_throw; cbnz w0, …` */
function branchesArm64(code) {
  const isMove = (word) => (word & 0xffe0ffff) >>> 0 === 0xaa0003e0; // mov x0, xN
  return callsArm64(code).filter((at) => at >= 8 && isMove(code.readUInt32LE(at - 8)));
}

/** On Windows all calls of napi_throw go through a stub, which jumps to where the pointer to it leads. */
function inPe(addon) {
  const { address, bytes: code } = addon.code;
  const pointer = addon.delayedImport('napi_throw') - address;
  return { code, branches: addon.cpu === 'x64' ? throughStubX64(code, pointer) : throughStubArm64(code, pointer) };
}

/** `call stub; test eax, eax; jne …`, and the stub `jmp [rip + …]`. @param pointer as an offset from the code */
function throughStubX64(code, pointer) {
  const text = code.toString('latin1');
  const isStub = (at) =>
    isWithin(code, at) && code.readUInt16LE(at) === 0x25ff && at + 6 + code.readInt32LE(at + 2) === pointer;
  return Array.from(text.matchAll(/\xe8[^]{4}\x85\xc0\x75/g), ({ index }) => index)
    .filter((at) => isStub(at + 5 + code.readInt32LE(at + 1)))
    .map((at) => at + 7);
}

/** `bl stub; cbnz w0, …`, and the stub `adrp x16, page; ldr x16, [x16, offset]; br x16`. @param pointer as an offset from the code */
function throughStubArm64(code, pointer) {
  const isStub = (at) => {
    if (!isWithin(code, at)) return false;
    const [page, load] = [code.readUInt32LE(at), code.readUInt32LE(at + 4)];
    if ((page & 0x9f00001f) >>> 0 !== 0x90000010 || (load & 0xffc003ff) >>> 0 !== 0xf9400210) return false;
    const pages = (((page >>> 5) & 0x7ffff) << 2) | ((page >>> 29) & 3);
    // Code begins at a page, so that pages of offsets are pages of addresses.
    return (at & ~0xfff) + ((pages << 11) >> 11) * 0x1000 + ((load >>> 10) & 0xfff) * 8 === pointer;
  };
  return callsArm64(code).filter((at) => isStub(at - 4 + (((code.readUInt32LE(at - 4) & 0x3ffffff) << 6) >> 4)));
}

/** `bl …; cbnz w0, …`: where the branches are. */
function callsArm64(code) {
  const found = [];
  for (let at = 4; at + 4 <= code.length; at += 4) {
    const isCall = code.readUInt32LE(at - 4) >>> 26 === 0b100101; // bl
    const isBranch = (code.readUInt32LE(at) & 0xff00001f) >>> 0 === 0x35000000; // cbnz w0
    if (isCall && isBranch) found.push(at);
  }
  return found;
}

function isWithin(code, at) {
  return at >= 0 && at + 8 <= code.length;
}
