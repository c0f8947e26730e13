export type { Model } from './load-model.js';
export { openModel, type ModelSource, type OpenModelOptions } from './open-model.js';
