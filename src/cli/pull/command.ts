import { Option } from 'commander';
import { toModelSettings, type GivenModelOptions } from '../caption/settings.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { openModel } from '../console/open-model.js';
import type { CommandIo } from '../console/command-io.js';
import type { Output } from '../console/output.js';
import type { AddCommand } from '../console/add-command.js';

const HELP_AFTER = `
Downloads go to the cache of the Hugging Face tools (HF_HOME). From then on the model loads without
a network, also with --offline.

Examples:
  captioneer pull distilvit
  captioneer pull --dtype fp16 owner/name      then: captioneer --model owner/name --dtype fp16 photo.jpg`;

type GivenPullOptions = Pick<GivenModelOptions, 'revision' | 'dtype' | 'quiet'>;

/** `captioneer pull <model>`: downloads a model ahead of its first use, and loads it once, so that it is known to work. */
export const addPullCommand: AddCommand = (program, start) => {
  program
    .command('pull')
    .description('Downloads a model, so that it can be used without a network.')
    .argument('<model>', 'name (see "captioneer models") or hub id (owner/name)')
    .addOption(new Option('--revision <name>', 'branch, tag or commit (default: main)'))
    .addOption(new Option('--dtype <kind>', 'weights: fp32, fp16, q8, …'))
    .addOption(new Option('-q, --quiet', 'no progress bar and no warnings'))
    .addHelpText('after', HELP_AFTER)
    .action((model: string, given: GivenPullOptions) => {
      start((io, output) => pull(model, given, io, output));
    });
};

async function pull(model: string, given: GivenPullOptions, io: CommandIo, output: Output): Promise<number> {
  const captioner = await openModel(toModelSettings({ ...given, model }), io, output);
  await captioner.dispose();
  await output.print(`${model} is ready.\n`);
  return EXIT_CODE.ok;
}
