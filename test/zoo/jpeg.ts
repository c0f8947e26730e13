/** The scans of a JPEG: what comes before the first, each of them, and what comes after the last (ITU T.81, annex B). */
export function scansOf(jpeg: Uint8Array): { head: Uint8Array; scans: Uint8Array[]; tail: Uint8Array } {
  const starts: number[] = [];
  for (let at = 0; at + 1 < jpeg.length; at += 1) if (jpeg[at] === 0xff && jpeg[at + 1] === 0xda) starts.push(at);
  const end = jpeg.length - 2;
  const scans = starts.map((start, index) => jpeg.subarray(start, starts[index + 1] ?? end));
  return { head: jpeg.subarray(0, starts[0]), scans, tail: jpeg.subarray(end) };
}
