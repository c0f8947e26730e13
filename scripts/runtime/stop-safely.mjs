// Lets a thread that runs a graph be stopped.
//
// `worker.terminate()` forbids native code to call into JavaScript, so the addon's next call fails, and it reports that by a
// C++ exception. At the addon's edge node-addon-api turns the exception into a JavaScript one by napi_throw; that fails, too,
// and as the addon is compiled, the failure is thrown as a second C++ exception, which nothing catches: the whole process
// aborts. node-addon-api has a compile-time setting to ignore a failure of napi_throw (NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS).
// This does the same in the compiled function: the branch that is taken if napi_throw fails becomes a no-op, so that the
// function returns, and with it the thread ends as it should.
import { Buffer } from 'node:buffer';

/** `Napi::Error::ThrowAsJavaScriptException() const` */
const FUNCTION = '_ZNK4Napi5Error26ThrowAsJavaScriptExceptionEv';

/**
 * @param addon an ElfFile, which is changed in place
 * @throws Error if the function does not look as expected, as after an update of onnxruntime-node
 */
export function ignoreUnthrowableErrors(addon) {
  const code = addon.exportedFunction(FUNCTION);
  const found = addon.cpu === 'x64' ? branchesX64(code) : branchesArm64(code);
  if (found.length !== 1) {
    throw new Error(
      `${addon.name}: ${found.length} branches after napi_throw were found, not 1. Look at the function ${FUNCTION} ` +
        'with objdump -d and bring scripts/runtime/stop-safely.mjs up to date.',
    );
  }
  const [{ at, replacement }] = found;
  replacement.copy(code, at);
}

/** `mov %rdx,%rsi; call napi_throw; test %eax,%eax; jne …`: the jump becomes a two-byte no-op. */
function branchesX64(code) {
  const pattern = /\x48\x89\xd6\xe8[^]{4}\x85\xc0\x75/g;
  const replacement = Buffer.from([0x66, 0x90]);
  return Array.from(code.toString('latin1').matchAll(pattern), ({ index, 0: match }) => ({
    at: index + match.length - 1,
    replacement,
  }));
}

/** `mov x0, xN; bl napi_throw; cbnz w0, …`: the branch becomes a no-op. */
function branchesArm64(code) {
  const found = [];
  const replacement = Buffer.from([0x1f, 0x20, 0x03, 0xd5]);
  for (let at = 0; at + 12 <= code.length; at += 4) {
    const [move, call, branch] = [0, 4, 8].map((offset) => code.readUInt32LE(at + offset));
    const isMove = (move & 0xffe0ffff) >>> 0 === 0xaa0003e0; // mov x0, xN
    const isCall = call >>> 26 === 0b100101; // bl
    const isBranch = (branch & 0xff00001f) >>> 0 === 0x35000000; // cbnz w0
    if (isMove && isCall && isBranch) found.push({ at: at + 8, replacement });
  }
  return found;
}
