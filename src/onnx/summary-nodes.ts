import { type NewTensor, type Range, NODE } from './read-graph.js';
import { TYPE } from './simplify/known-value.js';
import { readDeclaredType } from './simplify/read-details.js';
import { writeConstant } from './simplify/write-constant.js';
import type { WireReader } from './wire-reader.js';
import { bytesField, concat, numberField, textField } from './wire-writer.js';

/** The output that is summarised, and the names of what is added. */
export interface SummaryNames {
  readonly logits: string;
  /** The logarithm of the sum of exponentials, for each row. */
  readonly logSumExp: string;
  /** The entropy of the distribution, in nats, for each row. */
  readonly entropy: string;
}

/** Nodes that a graph did not have, with their constants. */
export interface MoreNodes {
  /** Their messages. */
  readonly nodes: readonly Uint8Array[];
  readonly tensors: ReadonlyMap<string, NewTensor>;
  /** Names of the outputs that they give. */
  readonly outputs: readonly string[];
}

export const NO_NODES: MoreNodes = { nodes: [], tensors: new Map(), outputs: [] };

/** Since this version of ONNX's operators, the axes of `ReduceSum` are an input. */
const LEAST_OPSET = 13;
const OPSETS = 8;
const OPSET = { domain: 1, version: 2 } as const;
const ATTRIBUTE = { name: 1, integer: 3, type: 20 } as const;
const INTEGER = 2;
/** In two's complement, as protobuf has negative numbers. */
const LAST_AXIS = Uint8Array.of(ATTRIBUTE.integer * 8, ...Array<number>(9).fill(0xff), 1);

/**
 * What a search asks of logits beside themselves, as nodes of the graph: the runtime computes it many times as fast.
 *
 * @param others fields of the model, among them the versions of its operators
 * @param output as the graph describes the logits
 * @returns none for logits of another type than float32, or for older operators
 */
export function summaryNodes(
  reader: WireReader,
  others: readonly Range[],
  output: Range | undefined,
  { logits, logSumExp, entropy }: SummaryNames,
): MoreNodes {
  const isKnown = output && readDeclaredType(reader, output).type === TYPE.float32;
  if (!isKnown || opsetOf(reader, others) < LEAST_OPSET) return NO_NODES;
  const own = (name: string): string => `${logSumExp}/${name}`;
  const [first, last] = [own('first'), own('last')];
  return {
    nodes: [
      node('LogSoftmax', [logits], own('logs'), lastAxis()),
      node('Gather', [logits, first], own('logit'), lastAxis()),
      node('Gather', [own('logs'), first], own('log'), lastAxis()),
      node('Sub', [own('logit'), own('log')], logSumExp),
      node('Exp', [own('logs')], own('probabilities')),
      node('Mul', [own('probabilities'), own('logs')], own('products')),
      node('ReduceSum', [own('products'), last], own('sums'), integer('keepdims', 0)),
      node('Neg', [own('sums')], entropy),
    ],
    tensors: new Map([
      [first, writeConstant({ type: TYPE.int64, dims: [], numbers: [0] })],
      [last, writeConstant({ type: TYPE.int64, dims: [1], numbers: [-1] })],
    ]),
    outputs: [logSumExp, entropy],
  };
}

/** The version of ONNX's own operators. */
function opsetOf(reader: WireReader, others: readonly Range[]): number {
  let found = 0;
  for (const { from, to } of others) {
    for (const field of reader.fields(from, to)) {
      if (field.number !== OPSETS) continue;
      let [domain, version] = ['', 0];
      for (const part of reader.fields(field.from, field.to)) {
        if (part.number === OPSET.domain) domain = reader.text(part);
        if (part.number === OPSET.version) version = part.value ?? 0;
      }
      if (domain === '' || domain === 'ai.onnx') found = version;
    }
  }
  return found;
}

function node(operator: string, inputs: readonly string[], output: string, ...attributes: Uint8Array[]): Uint8Array {
  return concat([
    ...inputs.map((name) => textField(NODE.input, name)),
    textField(NODE.output, output),
    textField(NODE.operator, operator),
    ...attributes.map((attribute) => bytesField(NODE.attribute, attribute)),
  ]);
}

function integer(name: string, value: number): Uint8Array {
  return concat([
    textField(ATTRIBUTE.name, name),
    numberField(ATTRIBUTE.integer, value),
    numberField(ATTRIBUTE.type, INTEGER),
  ]);
}

function lastAxis(): Uint8Array {
  return concat([textField(ATTRIBUTE.name, 'axis'), LAST_AXIS, numberField(ATTRIBUTE.type, INTEGER)]);
}
