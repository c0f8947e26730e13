// The platforms that the pinned onnxruntime-node has CPU binaries for. Each becomes one package, @captioneer/runtime-<name>.

/** The addon that Node loads. It loads the library beside it. */
export const ADDON = 'onnxruntime_binding.node';

/**
 * The names of the library in the Linux and Windows packages, in its file and in its headers. A process of these systems loads one
 * library of a name, and upstream's is that of every version: the addon that is loaded second would run with the library of the
 * first. They are not longer than upstream's, so that they can be replaced in place.
 */
const LINUX_LIBRARY = 'libcaptioneer_rt.so';
const WINDOWS_LIBRARY = 'captioneer.dll';

export const platforms = [
  linux('x64'),
  linux('arm64'),
  {
    name: 'darwin-arm64',
    selectors: { os: ['darwin'], cpu: ['arm64'] },
    source: 'darwin/arm64',
    library: 'libonnxruntime.1.dylib',
    shippedLibrary: 'libonnxruntime.1.dylib',
    system: 'macOS on Apple silicon',
  },
  windows('x64'),
  windows('arm64'),
];

function linux(cpu) {
  return {
    name: `linux-${cpu}`,
    selectors: { os: ['linux'], cpu: [cpu], libc: ['glibc'] },
    source: `linux/${cpu}`,
    library: 'libonnxruntime.so.1',
    shippedLibrary: LINUX_LIBRARY,
    system: `Linux with glibc on ${cpu}`,
  };
}

function windows(cpu) {
  return {
    name: `win32-${cpu}`,
    selectors: { os: ['win32'], cpu: [cpu] },
    source: `win32/${cpu}`,
    library: 'onnxruntime.dll',
    shippedLibrary: WINDOWS_LIBRARY,
    system: `Windows on ${cpu}`,
  };
}

/** The package's full name. */
export const packageName = ({ name }) => `@captioneer/runtime-${name}`;

/** The platform of this machine; nothing if there is no binary for it (musl and other C libraries, Intel Macs, …). */
export function thisPlatform() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) return undefined;
  return platforms.find((platform) => platform.name === name);
}
