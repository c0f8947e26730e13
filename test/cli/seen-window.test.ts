import { describe, expect, it } from 'vitest';
import { type ResizeSpec, seenWindow } from '../../src/cli/eval/page/seen-window.js';

describe('seenWindow', () => {
  const size = { width: 100, height: 100 };
  it.each<[ResizeSpec, object]>([
    [
      { ...size, resize: 'squash' },
      { left: 0, top: 0, width: 1, height: 1 },
    ],
    [
      { ...size, resize: 'squash-crop', squashedWidth: 125, squashedHeight: 200 },
      { left: 0.1, top: 0.25, width: 0.8, height: 0.5 },
    ],
    // 400 × 200 becomes 200 × 100.
    [
      { ...size, resize: 'shortest-edge-crop' },
      { left: 0.25, top: 0, width: 0.5, height: 1 },
    ],
    // 400 × 200 becomes 250 × 125.
    [
      { ...size, resize: 'shortest-edge-crop', shortestEdge: 125 },
      { left: 0.3, top: 0.1, width: 0.4, height: 0.8 },
    ],
    // 400 × 200 becomes 100 × 50, with a border above and below.
    [
      { ...size, resize: 'pad' },
      { left: 0, top: -0.5, width: 1, height: 2 },
    ],
  ])('%j', (spec, window) => {
    const found = seenWindow(spec, 400, 200);
    for (const [name, value] of Object.entries(window)) {
      expect(found[name as keyof typeof found]).toBeCloseTo(value as number, 12);
    }
  });
});
