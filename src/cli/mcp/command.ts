import { Option } from 'commander';
import { modelOptions } from '../caption/command.js';
import { type GivenModelOptions, toModelSettings } from '../caption/settings.js';
import type { AddCommand } from '../console/add-command.js';

const HELP_AFTER = `
Speaks the Model Context Protocol on standard input and output. Tools: describe_image captions an image
file; find_missing_alt_text lists images without alternative text in files and folders of a site.
Only files of this machine are read, and nothing is written.

In the configuration of an assistant:
  { "mcpServers": { "captioneer": { "command": "npx", "args": ["-y", "captioneer", "mcp"] } } }`;

/** `captioneer mcp`: a server for assistants that edit sites. */
export const addMcpCommand: AddCommand = (program, start) => {
  const command = program
    .command('mcp')
    .description('Serves captions and missing alternative texts to assistants (Model Context Protocol).')
    .addHelpText('after', HELP_AFTER);
  for (const option of modelOptions()) command.addOption(option);
  command.addOption(new Option('-q, --quiet', 'no warnings')).action((given: GivenModelOptions) => {
    const settings = toModelSettings(given);
    start(async (io, output) => (await import('./serve-mcp.js')).serveMcp(settings, output, io));
  });
};
