import { useEffect, useRef } from 'preact/hooks';
import { drawHeatMap } from '../output/heat-map.js';

interface StageProps {
  readonly url: string;
  readonly name: string;
  /** The attention over the regions for one word, row by row; sums to 1. */
  readonly attention: Float32Array | undefined;
  readonly grid: { readonly rows: number; readonly columns: number } | undefined;
}

/** The image, with the attention for one word as a heat map over it. */
export function Stage({ url, name, attention, grid }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current && attention && grid) drawHeatMap(canvas.current, attention, grid);
  }, [attention, grid]);
  return (
    <div class="stage">
      <img src={url} alt={`The image ${name}`} />
      <canvas
        ref={canvas}
        class={attention && grid ? 'shown' : ''}
        aria-hidden="true"
        data-testid="heat-map"
        width="1"
        height="1"
      />
    </div>
  );
}
