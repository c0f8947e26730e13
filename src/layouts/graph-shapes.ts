import { ModelMismatchError, type TensorInfo } from '../core/index.js';

/**
 * The input or output of a name.
 *
 * @throws ModelMismatchError if the graph has none, which names those it has
 */
export function findTensor(
  infos: readonly TensorInfo[],
  name: string,
  file: string,
  kind: 'input' | 'output',
): TensorInfo {
  const info = infos.find((candidate) => candidate.name === name);
  if (info) return info;
  const present = infos.map((candidate) => `"${candidate.name}"`).join(', ');
  throw new ModelMismatchError(file, `an ${kind} "${name}"`, present);
}

/**
 * Checks an input or output against what is expected of it. A size that either side leaves open fits every size.
 *
 * @param dims sizes, `*` for any
 * @param types element types that fit
 * @throws ModelMismatchError
 */
export function expectShape(
  info: TensorInfo,
  dims: readonly (number | '*')[],
  types: readonly string[],
  file: string,
): void {
  const fits =
    types.includes(info.type) &&
    info.dims.length === dims.length &&
    dims.every((dim, axis) => dim === '*' || typeof info.dims[axis] === 'string' || info.dims[axis] === dim);
  if (!fits) throw mismatch(info, dims, types, file);
}

/** The error for an input or output that is not of the types and sizes expected of it. */
export function mismatch(
  info: TensorInfo,
  dims: readonly (number | string)[],
  types: readonly string[],
  file: string,
): ModelMismatchError {
  const expected = `${types.join(' or ')} [${dims.join(', ')}]`;
  return new ModelMismatchError(`${file}: ${info.name}`, expected, `${info.type} [${info.dims.join(', ')}]`);
}
