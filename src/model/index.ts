export { DTYPES, type Dtype } from './checkpoint/dtype.js';
export type { Model } from './model.js';
export { OPEN_MODEL_OPTIONS, openModel, type ModelSource, type OpenModelOptions } from './open-model.js';
