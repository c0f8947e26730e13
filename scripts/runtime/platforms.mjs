// The platforms that the pinned onnxruntime-node has CPU binaries for. Each becomes one package, @captioneer/runtime-<name>.

/** The addon that Node loads. It loads the library beside it. */
export const ADDON = 'onnxruntime_binding.node';

/**
 * The name of the library in the Linux packages, in its file and in its ELF headers. Upstream's is libonnxruntime.so.1, and a
 * process loads one library of a name: a second copy, of another version, could not be loaded beside it. It is as long as
 * upstream's, so that it can be replaced in place.
 */
export const LINUX_LIBRARY = 'libcaptioneer_rt.so';

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
    shippedLibrary: 'onnxruntime.dll',
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
