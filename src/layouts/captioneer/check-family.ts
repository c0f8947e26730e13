import { ModelMismatchError, type Manifest, type Session, type TensorInfo } from '../../core/index.js';
import { DECODER_NAMES } from './names.js';
import { FAMILIES, type Family } from './families.js';

/** What a family asks for and the model has not. */
interface Lack {
  readonly part: string;
  readonly expected: string;
  readonly found: string;
}

/** A model's manifest and its graphs. */
interface Parts {
  readonly manifest: Manifest;
  readonly encoder: Session;
  readonly decoder: Session;
}

/**
 * The family that a manifest names.
 *
 * @throws ModelMismatchError if there is none of that name
 */
export function familyOf({ family }: Manifest): Family {
  const found = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  if (found) return found;
  throw new ModelMismatchError('family', `one of ${Object.keys(FAMILIES).join(', ')}`, family);
}

/**
 * Holds the graphs and the tokenizer's type against what the manifest's family must have.
 *
 * @throws ModelMismatchError which says what was expected and found, and, if there is one, which family the model fits
 */
export function checkFamily(manifest: Manifest, encoder: Session, decoder: Session): void {
  const parts = { manifest, encoder, decoder };
  const lack = findLack(familyOf(manifest), parts);
  if (!lack) return;
  const fitting = Object.keys(FAMILIES).filter((name) => !findLack(FAMILIES[name] as Family, parts));
  const advice = fitting.length === 0 ? '' : `; the model fits the family ${fitting.map(quote).join(' or ')}`;
  throw new ModelMismatchError(
    lack.part,
    `${lack.expected}, as the family "${manifest.family}" asks for`,
    lack.found + advice,
  );
}

function findLack(family: Family, { manifest, encoder, decoder }: Parts): Lack | undefined {
  const files = { encoder: manifest.graphs.encoder.file, decoder: manifest.graphs.decoder.file };
  const outputs = family.hasAttention ? [DECODER_NAMES.attention] : [];
  return (
    missing(files.decoder, 'input', family.decoderInputs, decoder.inputs) ??
    missing(files.decoder, 'output', outputs, decoder.outputs) ??
    missing(files.encoder, 'output', family.encoderOutputs, encoder.outputs) ??
    wrongSight(files.decoder, family, decoder) ??
    untold(files.encoder, family, encoder) ??
    wrongTokenizer(family, manifest)
  );
}

function missing(
  part: string,
  kind: 'input' | 'output',
  names: readonly string[],
  infos: readonly TensorInfo[],
): Lack | undefined {
  const present = infos.map(({ name }) => name);
  const isThere = (name: string): boolean =>
    present.some((candidate) => candidate === name || candidate.startsWith(`${name}.`));
  const name = names.find((candidate) => !isThere(candidate));
  if (name === undefined) return undefined;
  return { part, expected: `an ${kind} "${name}"`, found: `the ${kind}s ${present.map(quote).join(', ')}` };
}

/** A decoder that is told of the picture too often or not at all, or tells an attention that its family has not. */
function wrongSight(part: string, { seesPicture, hasAttention }: Family, decoder: Session): Lack | undefined {
  const isTold = ({ name }: TensorInfo): boolean =>
    name !== DECODER_NAMES.inputIds && name !== DECODER_NAMES.prefix && !name.startsWith(DECODER_NAMES.past);
  const told = decoder.inputs.find(isTold);
  if (seesPicture === 'once' && told) {
    return { part, expected: 'no input with the image at each step', found: `an input "${told.name}"` };
  }
  if (seesPicture === 'each-word' && !told) {
    return { part, expected: 'an input with the image at each step', found: 'none' };
  }
  if (hasAttention === false && decoder.outputs.some(({ name }) => name === DECODER_NAMES.attention)) {
    return { part, expected: `no output "${DECODER_NAMES.attention}"`, found: 'one' };
  }
  return undefined;
}

/** An encoder that gives nothing by which a decoder could be told of the picture once. */
function untold(part: string, { seesPicture }: Family, encoder: Session): Lack | undefined {
  const tells = ({ name }: TensorInfo): boolean =>
    name === DECODER_NAMES.prefix || name.startsWith(DECODER_NAMES.initial);
  if (seesPicture !== 'once' || encoder.outputs.some(tells)) return undefined;
  const present = encoder.outputs.map(({ name }) => quote(name)).join(', ');
  return {
    part,
    expected: `an output "${DECODER_NAMES.initial}…" or "${DECODER_NAMES.prefix}"`,
    found: `the outputs ${present}`,
  };
}

function wrongTokenizer({ tokenizer }: Family, manifest: Manifest): Lack | undefined {
  const { type } = manifest.tokenizer;
  return type === tokenizer ? undefined : { part: 'tokenizer.type', expected: quote(tokenizer), found: quote(type) };
}

function quote(name: string): string {
  return `"${name}"`;
}
