/** Something that a caller should know and that is not an error. The library never prints; it tells `onWarning`. */
export interface CaptioneerWarning {
  /** What it is about, in kebab-case, such as `runtime-fallback`, for programs to compare. */
  readonly code: string;
  /** What happened and what can be done about it, for people. */
  readonly message: string;
}

/** Is told of warnings. */
export type WarningListener = (warning: CaptioneerWarning) => void;

/** A listener that tells another of each warning once. */
export function warnOnce(listener: WarningListener | undefined): WarningListener {
  const told = new Set<string>();
  return (warning) => {
    const key = `${warning.code} ${warning.message}`;
    if (told.has(key)) return;
    told.add(key);
    listener?.(warning);
  };
}
