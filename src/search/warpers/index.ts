export { minPWarper } from './min-p.js';
export { temperatureWarper } from './temperature.js';
export { topKWarper } from './top-k.js';
export { topPWarper } from './top-p.js';
export { typicalPWarper } from './typical-p.js';
