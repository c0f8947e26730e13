import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { drawHeatMap } from '../output/heat-map.js';
import type { LookedAt } from '../output/looked-at.js';
import type { Grid } from '../state/gallery.js';

interface StageProps {
  readonly url: string;
  readonly name: string;
  /** The attention over the regions for one word, row by row; sums to 1. */
  readonly attention: Float32Array | undefined;
  readonly grid: Grid | undefined;
  /** What the model looked at for the word, most first. */
  readonly things: readonly LookedAt[];
}

/** The image, with the attention for one word as a heat map over it, and the things that the model looked at in boxes. */
export function Stage({ url, name, attention, grid, things }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal({ width: 1, height: 1 });
  useEffect(() => {
    if (canvas.current && attention && grid) drawHeatMap(canvas.current, attention, grid);
  }, [attention, grid]);
  return (
    <div class="stage">
      <img
        src={url}
        alt={`The image ${name}`}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => (size.value = { width, height })}
      />
      <canvas
        ref={canvas}
        class={attention && grid ? 'shown' : ''}
        aria-hidden="true"
        data-testid="heat-map"
        width="1"
        height="1"
      />
      {things.map((thing, rank) => (
        <Box key={rank} thing={thing} most={(things[0] as LookedAt).share} image={size.value} />
      ))}
    </div>
  );
}

interface BoxProps {
  readonly thing: LookedAt;
  /** The largest share among the things. */
  readonly most: number;
  /** Size of the image, in its own pixels. */
  readonly image: { readonly width: number; readonly height: number };
}

function Box({ thing: { region, share }, most, image }: BoxProps) {
  const { x, y, width, height } = region.box;
  const style = {
    left: percent(x / image.width),
    top: percent(y / image.height),
    width: percent(width / image.width),
    height: percent(height / image.height),
    opacity: 0.35 + 0.65 * (share / most),
  };
  return (
    <div class="box" style={style} aria-hidden="true">
      <span>
        {region.label} {Math.round(100 * share)} %
      </span>
    </div>
  );
}

function percent(share: number): string {
  return `${100 * share}%`;
}
