/**
 * The known name that somebody most likely meant: the one with the fewest changed, added, left out or swapped letters, if there
 * are few enough of them; or one that is the given name but for its case and separators (`num_beams`).
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const same = known.find((name) => plain(name) === plain(given));
  if (same !== undefined) return same;
  const most = given.length < 4 ? 1 : given.length < 8 ? 2 : 3;
  const ranked = known
    .map((name) => ({ name, edits: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= most && edits < name.length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.name;
}

/** Hint for a message, with a space before it; empty if no known name is near. */
export function didYouMean(given: string, known: readonly string[]): string {
  const name = nearestName(given, known);
  return name === undefined ? '' : ` Did you mean ${name}?`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '');
}

/** Optimal string alignment distance (Damerau–Levenshtein without overlapping swaps). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] as number) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] as number;
}
