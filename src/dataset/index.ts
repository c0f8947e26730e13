export { DatasetError } from '../core/errors/dataset-error.js';
export {
  captionDataset,
  type DatasetCaptioner,
  type DatasetFailure,
  type DatasetOptions,
  type DatasetProgress,
} from './caption-dataset.js';
export type { DatasetImage } from './dataset-image.js';
export { datasetImages } from './images.js';
export type { DatasetRecord } from './record.js';
export { TABLE_FORMATS, writeTable, type TableFormat } from './write/write-table.js';
