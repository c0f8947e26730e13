import { errorCode } from './read-file.js';

/** Why a native addon, or the package that holds it, could not be loaded. */
export interface LoadFailure {
  /** Whether the package is not there at all. */
  readonly isMissing: boolean;
  /** The first line of what Node says, without the stack of files that it adds. */
  readonly detail: string;
  /** What to do about it, as a sentence; undefined for a cause that is not known. */
  readonly remedy: string | undefined;
  /** Whether it may be over by the next try. */
  readonly isPassing: boolean;
}

/** Explains what `require` or `import` of a package with a native addon threw. */
export function explainLoadFailure(error: unknown): LoadFailure {
  const detail = causeLine(error);
  const text = `${errorCode(error) ?? ''} ${detail}`;
  const isMissing = /\b(ERR_)?MODULE_NOT_FOUND\b/.test(text);
  return { isMissing, detail, ...(isMissing ? { remedy: undefined, isPassing: false } : remedyFor(text)) };
}

/** The causes that can be told from what Node and the system's loader say, with what to do. */
const REMEDIES: readonly { readonly sign: RegExp; readonly remedy: string; readonly isPassing?: true }[] = [
  {
    sign: /\bERR_DLOPEN_DISABLED\b|loading addons is disabled/i,
    remedy: 'Native addons are turned off: run Node without --no-addons or, with --permission, with --allow-addons.',
  },
  {
    sign: /\b(EMFILE|ENFILE)\b|too many open files|error 2[34]\b/i,
    remedy: 'Too many files are open: close some, or raise the limit (ulimit -n).',
    isPassing: true,
  },
  { sign: /\bENOMEM\b|cannot allocate memory/i, remedy: 'Free some memory.', isPassing: true },
  {
    sign: /failed to map segment/i,
    remedy: 'The file system that it is on does not allow programs to run (noexec): install it elsewhere.',
  },
  {
    // A package of sharp's own, which npm chooses for the system. Not one of the system.
    sign: /libvips[^\s:]*: cannot open shared object file/i,
    remedy:
      'It is in a package beside sharp, @img/sharp-libvips-…, which is not installed or not where sharp looks for it: install again, ' +
      "with optional dependencies. With Yarn, set nodeLinker: node-modules if Plug'n'Play takes packages from a mirror.",
  },
  {
    // Windows says "module" for a library, and does not name it.
    sign: /specified module could not be found|initialization routine failed/i,
    remedy:
      'Windows lacks a library that it needs, or has an old one: install the Microsoft Visual C++ Redistributable ' +
      '(https://learn.microsoft.com/cpp/windows/latest-supported-vc-redist).',
  },
  {
    sign: /version [`'"]?GLIBC(XX)?_[\d.]+'? not found/i,
    remedy: 'This Linux is too old for it: it needs glibc 2.28 and libstdc++ of GCC 8, both of 2018, or later.',
  },
];

function remedyFor(text: string): Pick<LoadFailure, 'remedy' | 'isPassing'> {
  const known = REMEDIES.find(({ sign }) => sign.test(text));
  if (known) return { remedy: known.remedy, isPassing: known.isPassing === true };
  const library = /(?:^|\s)(lib[^\s:]+): cannot open shared object file: no such file/i.exec(text)?.[1];
  const remedy = library && `Install the system library ${library} (${packageOf(library)}).`;
  return { remedy, isPassing: false };
}

/** The package of a distribution that has a library. */
function packageOf(library: string): string {
  if (library.startsWith('libstdc++')) return 'package libstdc++6 on Debian and Ubuntu, libstdc++ elsewhere';
  if (library.startsWith('libgcc_s')) return 'package libgcc-s1 on Debian and Ubuntu, libgcc elsewhere';
  return 'your distribution has a package with it';
}

/** The first line of an error's message that tells the cause: sharp puts a heading before it. */
function causeLine(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  const lines = (typeof message === 'string' ? message : String(error)).trim().split('\n');
  const line = lines[0]!.startsWith('Could not load the "sharp" module') ? (lines[1] ?? lines[0]) : lines[0];
  return line!.trim();
}

/** A text with a full stop at its end. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
