import type { NamedTensors, Session, Tensor, TensorInfo } from '../../core/index.js';
import { MERGED_NAMES } from './merged-names.js';

/** By which a merged decoder is told whether there are caches. */
const USE_CACHE: TensorInfo = { name: MERGED_NAMES.useCache, type: 'bool', dims: [1] };

/**
 * The two graphs of a decoder that is published without a merged one, as a session like that of a merged one: what
 * `use_cache_branch` says chooses between them, and each is fed what it lists.
 *
 * @param first the graph of the first step, without caches (`decoder_model`)
 * @param later the graph of later steps (`decoder_with_past_model`)
 */
export function pairedSession(first: Session, later: Session): Session {
  return {
    inputs: together([...later.inputs, ...first.inputs, USE_CACHE]),
    outputs: together([...later.outputs, ...first.outputs]),
    device: later.device,
    async run(feeds: NamedTensors, outputs?: readonly string[]): Promise<Record<string, Tensor>> {
      const session = feeds[MERGED_NAMES.useCache]?.data[0] === 1 ? later : first;
      const listed = session.inputs.flatMap(({ name }) => (feeds[name] ? [[name, feeds[name]] as const] : []));
      return session.run(Object.fromEntries(listed), outputs);
    },
    async release(): Promise<void> {
      await Promise.all([first.release(), later.release()]);
    },
  };
}

/** Inputs or outputs of both, each name once. */
function together(infos: readonly TensorInfo[]): TensorInfo[] {
  return infos.filter(({ name }, at) => infos.findIndex((other) => other.name === name) === at);
}
