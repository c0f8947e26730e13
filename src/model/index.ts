export { parseManifest } from './manifest/parse-manifest.js';
export { EXPORTABLE_MODELS, KNOWN_MODELS, type KnownModel } from './known-models.js';
export { loadClip, type LoadedClip } from './load-clip.js';
export { filesOf } from './load-model.js';
export type { Model } from './model.js';
export {
  OPEN_MODEL_OPTIONS,
  openCheckedModel,
  openModel,
  readOpenModelOptions,
  type ModelSource,
} from './open-model.js';
export { listModelFiles, readManifest } from './list-model-files.js';
