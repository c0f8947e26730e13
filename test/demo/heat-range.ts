/** Runs in the page: how much the drawn map differs over the image, its brightest minus its darkest value, 0 … 255. */
export function heatRange(): number {
  const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=heat-map]')!;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const reds = Array.from(data.filter((_, index) => index % 4 === 0));
  return Math.max(...reds) - Math.min(...reds);
}
