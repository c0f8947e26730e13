import { installedModelNames } from '../../adapters/node/models/installed-model.js';
import { nodePlatform } from '../../adapters/node/index.js';
import { EXPORTABLE_MODELS, filesOf, KNOWN_MODELS, readManifest, type KnownModel } from '../../model/index.js';
import { aligned } from '../console/aligned.js';
import type { CommandIo } from '../console/command-io.js';
import { reportError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';

type Row = readonly string[];
/** What the list tells of a public checkpoint. */
type PublicModel = Omit<KnownModel, 'revision' | 'dtype'>;

const HEADING: Row = ['NAME', 'WHERE', 'SIZE', 'MEMORY', 'SPEED', 'QUALITY', 'WHAT IT IS', 'LICENCE'];
/** The data set, as manifests name it, whose CIDEr-D is shown. */
const QUALITY_OF = 'flickr8k dev';

/** Prints the built-in model, the installed ones, the names of the hub's, and those that are exported first. */
export async function listModels({ signal }: CommandIo, output: Output): Promise<number> {
  const rows = [HEADING, await folderRow(undefined, 'built-in', signal)];
  for (const name of installedModelNames()) {
    try {
      rows.push(await folderRow(name, 'installed', signal));
    } catch (error) {
      signal.throwIfAborted();
      await output.printError(`captioneer: ${name}: ${reportError(error).message}\n`);
    }
  }
  const tables: Readonly<Record<string, Readonly<Record<string, PublicModel>>>> = {
    hub: KNOWN_MODELS,
    export: EXPORTABLE_MODELS,
  };
  for (const [where, models] of Object.entries(tables)) {
    for (const [name, known] of Object.entries(models)) rows.push(publicRow(name, where, known));
  }
  await output.print(`${aligned(rows).join('\n')}\n`);
  return EXIT_CODE.ok;
}

function publicRow(name: string, where: string, known: PublicModel): Row {
  const { id, megabytes, memory, speed, quality = '–', license = 'see its page', description } = known;
  const needed = `${memory.isMeasured ? '' : '~'}${memory.megabytes} MB`;
  return [name, where, `${megabytes} MB`, needed, speed, quality, `${description} (${id})`, license];
}

/** @param name of an installed package; undefined for the built-in model */
async function folderRow(name: string | undefined, where: string, signal: AbortSignal): Promise<Row> {
  const manifest = await readManifest(await nodePlatform().findModelFiles(name, { signal }), signal);
  const bytes = filesOf(manifest).reduce((sum, file) => sum + file.bytes, 0);
  const { ciderD } = manifest.quality?.[QUALITY_OF] ?? {};
  const what = `${manifest.family}${manifest.parameters === undefined ? '' : `, ${inMillions(manifest.parameters)} parameters`}`;
  return [
    name ?? manifest.name,
    where,
    `${(bytes / 1e6).toFixed(1)} MB`,
    `~${estimatedMemory(bytes)} MB`,
    bytes < FAST_BELOW ? 'fast' : 'medium',
    ciderD === undefined ? '–' : `CIDEr-D ${ciderD.toFixed(3)}`,
    what,
    manifest.license,
  ];
}

/** Weights of fewer bytes make a caption in less than 0.1 s: docs/benchmarks.md. */
const FAST_BELOW = 60e6;

/**
 * Resident MB of a process that captions with a model in the library's own layout, from the size of its files, in tens: what docs/benchmarks.md
 * measured of three sizes (234, 504 and 1300 MB) is within a quarter of it.
 */
function estimatedMemory(bytes: number): number {
  return Math.round((170 + (1.3 * bytes) / 1e6) / 10) * 10;
}

const inMillions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;
