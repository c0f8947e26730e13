import { EXIT_CODE } from '../console/exit-code.js';
import { ModelError } from '../console/open-model.js';
import { reportError } from '../console/error-report.js';
import type { CommandIo } from '../console/command-io.js';
import type { Output } from '../console/output.js';
import type { AddCommand } from '../console/add-command.js';

const HELP_AFTER = `
A browser cannot read node_modules: copy the model to a folder that your server has, and load it from there.

Examples:
  captioneer copy-model public/models/default      then: Captioner.load('/models/default/')
  captioneer copy-model --model vit-gpt2 public/models/vit-gpt2`;

/** `captioneer copy-model <folder>`: copies the files of a model to a folder. */
export const addCopyModelCommand: AddCommand = (program, start) => {
  program
    .command('copy-model')
    .description('Copies the files of a model to a folder, such as one that a web server has.')
    .argument('<folder>', 'folder to copy to; it is made if there is none')
    .option('-m, --model <model>', 'folder, URL, installed package, or hub id (owner/name); default: the built-in one')
    .option('--revision <name>', 'branch, tag or commit of a model on the hub (default: main)')
    .addHelpText('after', HELP_AFTER)
    .action((folder: string, given: { model?: string; revision?: string }) => {
      start((io, output) => copyModel(folder, given, io, output));
    });
};

async function copyModel(
  folder: string,
  { model, revision }: { readonly model?: string; readonly revision?: string },
  { signal }: CommandIo,
  output: Output,
): Promise<number> {
  const [{ nodePlatform }, { copyModelFiles }] = await Promise.all([
    import('../../adapters/node/index.js'),
    import('./copy-model-files.js'),
  ]);
  try {
    const files = await nodePlatform().findModelFiles(model, { signal, ...(revision !== undefined && { revision }) });
    const { count, bytes } = await copyModelFiles(files, folder, signal);
    await output.print(`${count} files, ${(bytes / 1e6).toFixed(1)} MB: ${folder}\n`);
    return EXIT_CODE.ok;
  } catch (cause) {
    signal.throwIfAborted();
    throw new ModelError(`the model cannot be copied: ${reportError(cause).message}`, { cause });
  }
}
