import { installedModelNames } from '../../adapters/node/models/installed-model.js';
import { nodePlatform } from '../../adapters/node/index.js';
import { filesOf, KNOWN_MODELS, readManifest } from '../../model/index.js';
import { aligned } from '../console/aligned.js';
import type { CommandIo } from '../console/command-io.js';
import { reportError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';

type Row = readonly string[];

const HEADING: Row = ['NAME', 'WHERE', 'SIZE', 'CIDER-D', 'WHAT IT IS', 'LICENCE'];
/** The data set, as manifests name it, whose CIDEr-D is shown. */
const QUALITY_OF = 'flickr8k dev';

/** Prints the built-in model, the installed ones, and the names of the hub's. */
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
  for (const [name, { id, megabytes, license, description }] of Object.entries(KNOWN_MODELS)) {
    rows.push([name, 'hub', `${megabytes} MB`, '–', `${description} (${id})`, license ?? 'see its page']);
  }
  await output.print(`${aligned(rows).join('\n')}\n`);
  return EXIT_CODE.ok;
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
    ciderD === undefined ? '–' : ciderD.toFixed(3),
    what,
    manifest.license,
  ];
}

const inMillions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;
