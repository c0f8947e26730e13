/** Why a request failed, in a few words. Node's fetch says "fetch failed" and hides what failed in the cause. */
export function explainFetchError(error: unknown): string {
  // By its fields and not by instanceof: in a test runner's realm the errors of fetch are of another realm's classes.
  const inner = field(error, 'cause') ?? error;
  const code = field(inner, 'code');
  const message = field(inner, 'message');
  if (typeof code === 'string') return code;
  return typeof message === 'string' ? message : String(inner);
}

function field(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
}
