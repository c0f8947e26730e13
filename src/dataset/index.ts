export {
  captionDataset,
  type DatasetCaptioner,
  type DatasetFailure,
  type DatasetOptions,
  type DatasetProgress,
} from './caption-dataset.js';
export { datasetImages, type DatasetImage } from './images.js';
export type { DatasetRecord } from './record.js';
export { TABLE_FORMATS, writeTable, type TableFormat } from './write/write-table.js';
