/** A file of a hub's repository, as the hub vouches for it. */
export interface HubFile {
  /** Name relative to the repository, with forward slashes. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly digest: HubDigest;
}

/** What the content of a file must hash to. */
export interface HubDigest {
  /** `sha256` of the content for large files; for small ones `git-sha1`, that of `blob <size>`, a zero byte, and the content. */
  readonly algorithm: 'sha256' | 'git-sha1';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}
