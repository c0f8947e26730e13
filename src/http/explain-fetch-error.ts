/** Why a request failed, in a few words. Node's fetch says "fetch failed" and hides what failed in the cause. */
export function explainFetchError(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (inner as { code?: unknown } | null | undefined)?.code;
  if (typeof code === 'string') return code;
  return inner instanceof Error ? inner.message : String(inner);
}
