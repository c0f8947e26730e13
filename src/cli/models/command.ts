import type { AddCommand } from '../console/add-command.js';

const HELP_AFTER = `
built-in   in the package captioneer
installed  npm packages under @captioneer, found from the working directory
hub        names for models on the Hugging Face hub; "captioneer pull" downloads one

CIDEr-D is that of the Flickr8k dev split. Models of the hub have not been measured by this project.

Examples:
  captioneer models
  captioneer --model vit-gpt2 photo.jpg`;

/** `captioneer models`: lists the models that have names. */
export const addModelsCommand: AddCommand = (program, start) => {
  program
    .command('models')
    .description('Lists the models that can be named: built-in, installed, and known on the hub.')
    .addHelpText('after', HELP_AFTER)
    .action(() => {
      // The platform is loaded by the command that needs it.
      start(async (io, output) => (await import('./list-models.js')).listModels(io, output));
    });
};
