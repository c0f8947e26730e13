import type { AddCommand } from '../console/add-command.js';

const HELP_AFTER = `
built-in   in the package captioneer
installed  npm packages under @captioneer, found from the working directory
hub        names for models on the Hugging Face hub; "captioneer pull" downloads one
export     models that are exported once, with Python, and loaded from their folder: docs/guides/export.md

MEMORY   of a process that captions on the processor; ~ is estimated from the size of the files, the
         others were measured with random weights of that size
SPEED    of a caption on a laptop's processor: fast, less than 0.1 s; medium, less than 2 s; slow, more.
         Of models of the hub it is estimated
QUALITY  CIDEr-D is that of the Flickr8k dev split, measured by this project; COCO CIDEr what the makers
         published. The weights of models of the hub have not been run by this project

Examples:
  captioneer models
  captioneer --model vit-gpt2 photo.jpg`;

/** `captioneer models`: lists the models that have names. */
export const addModelsCommand: AddCommand = (program, start) => {
  program
    .command('models')
    .description('Lists the models that can be named: built-in, installed, known on the hub, and to be exported.')
    .addHelpText('after', HELP_AFTER)
    .action(() => {
      // The platform is loaded by the command that needs it.
      start(async (io, output) => (await import('./list-models.js')).listModels(io, output));
    });
};
