import type { ByteSource } from '../core/index.js';
import { WireError, WireReader, type WireField } from './wire-reader.js';

/** The messages of an ONNX model in which tensors can be: what the fields of each are, by number (onnx.proto). */
const MESSAGES = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;

type Message = keyof typeof MESSAGES;

/** Fields of a tensor. */
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
/** The value of `data_location` for a tensor whose content is in another file. */
const EXTERNAL = 1;
/** Fields of an entry of `external_data`. */
const KEY = 1;
const VALUE = 2;

/** As deep as protobuf itself reads messages in messages. */
const DEEPEST = 100;

/** The first bytes of ONNX Runtime's own format, after four others. */
const ORT_FORMAT = 'ORTM';

/**
 * The other files that an ONNX model takes tensors from (external data), as the model names them: relative to its folder, by
 * a path that may lead anywhere.
 *
 * @throws Error if the file is not an ONNX model, or in the own format of ONNX Runtime, which is not looked into
 */
export function externalFiles(source: ByteSource): string[] {
  const start = String.fromCharCode(...source.read(0, Math.min(8, source.size)));
  if (start.slice(4) === ORT_FORMAT) throw new WireError("the file is in ONNX Runtime's own format");
  const files = new Set<string>();
  const reader = new WireReader(source);
  visit(reader, 'model', 0, source.size, 0, files);
  return [...files];
}

function visit(
  reader: WireReader,
  message: Message,
  from: number,
  to: number,
  depth: number,
  files: Set<string>,
): void {
  if (depth > DEEPEST) throw new WireError('messages are nested too deeply');
  const kinds: Readonly<Record<number, string>> = MESSAGES[message];
  for (const field of reader.fields(from, to)) {
    const kind = kinds[field.number];
    if (kind === undefined || field.value !== undefined) continue;
    if (kind === 'tensor') visitTensor(reader, field, files);
    else visit(reader, kind as Message, field.from, field.to, depth + 1, files);
  }
}

function visitTensor(reader: WireReader, tensor: WireField, files: Set<string>): void {
  const entries: WireField[] = [];
  let isExternal = false;
  for (const field of reader.fields(tensor.from, tensor.to)) {
    if (field.number === EXTERNAL_DATA) entries.push(field);
    if (field.number === DATA_LOCATION) isExternal = field.value === EXTERNAL;
  }
  if (!isExternal) return;
  for (const entry of entries) {
    let key = '';
    let value = '';
    for (const field of reader.fields(entry.from, entry.to)) {
      if (field.number === KEY) key = reader.text(field);
      if (field.number === VALUE) value = reader.text(field);
    }
    if (key === 'location') files.add(value);
  }
}
