export { fitToSpec } from './fit.js';
export { imageStatistics, type ImageStatistics } from './image-statistics.js';
export { normalize, toPixelValues } from './pixel-values.js';
export { resample, type Rectangle, type ResampleOptions } from './resample.js';
