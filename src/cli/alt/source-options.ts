import { Argument, type Command, Option } from 'commander';
import { UsageError } from '../console/usage-error.js';
import type { SourceSettings } from './scan.js';

/** Options of commands that read source files, as the parser gives them. */
export interface GivenSourceOptions {
  readonly exclude?: readonly string[];
  readonly component?: readonly string[];
}

/** A command that reads source files. */
export function sourceCommand(alt: Command, name: string, description: string): Command {
  return alt
    .command(name)
    .description(description)
    .addArgument(
      new Argument('[files...]', 'files, folders, or patterns in quotes ("src/**/*.html")').default(
        ['.'],
        'this folder',
      ),
    )
    .addOption(new Option('--exclude <pattern>', 'leave files out; may be given several times').argParser(gather))
    .addOption(componentOption());
}

/** The part of the options that speaks of source files. */
export function toSourceSettings(inputs: readonly string[], given: GivenSourceOptions): SourceSettings {
  return { inputs, excluded: given.exclude ?? [], components: given.component ?? [] };
}

/** Which queue file. */
export function queueOption(): Option {
  return new Option('--queue <file>', 'the queue file').default('captioneer-alt.json');
}

/** Further elements that are images. */
export function componentOption(): Option {
  const description = 'an element that is an image, besides img; may be given several times';
  return new Option('--component <name>', description).argParser(gather);
}

/** Collects the values of an option that may be given more than once. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  if (value.trim() === '') throw new UsageError('the value of an option is empty');
  return [...before, value];
}
