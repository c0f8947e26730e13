import { DTYPES, ModelFileError, type Dtype, type ModelFiles } from '../../core/index.js';

/** What follows the name of a graph in the public two-file layout. */
const SUFFIXES: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

/** The files of the two graphs, relative to the model folder. */
export interface GraphFiles {
  readonly encoder: string;
  readonly decoder: string;
}

/**
 * The graphs of one kind.
 *
 * @throws ModelFileError where they are not there, which names the kinds that are
 */
export async function findGraphs(files: ModelFiles, dtype: Dtype, signal?: AbortSignal): Promise<GraphFiles> {
  const missing = await missingGraph(files, dtype, signal);
  if (missing === undefined) return graphFiles(dtype);
  const present: Dtype[] = [];
  for (const other of DTYPES) {
    if (other !== dtype && (await missingGraph(files, other, signal)) === undefined) present.push(other);
  }
  const advice =
    present.length === 0
      ? 'It has no pair of graphs onnx/encoder_model….onnx and onnx/decoder_model_merged….onnx at all; export it to ONNX.'
      : `It has graphs for ${present.join(', ')}: choose one of them by dtype.`;
  throw new ModelFileError(missing, `${files.location} has no ${missing}, which dtype "${dtype}" asks for. ${advice}`);
}

async function missingGraph(files: ModelFiles, dtype: Dtype, signal?: AbortSignal): Promise<string | undefined> {
  const { encoder, decoder } = graphFiles(dtype);
  if (!(await files.has(encoder, signal))) return encoder;
  return (await files.has(decoder, signal)) ? undefined : decoder;
}

function graphFiles(dtype: Dtype): GraphFiles {
  const suffix = SUFFIXES[dtype];
  return { encoder: `onnx/encoder_model${suffix}.onnx`, decoder: `onnx/decoder_model_merged${suffix}.onnx` };
}
