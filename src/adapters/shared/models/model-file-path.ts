import { ModelFileError } from '../../../core/index.js';

/**
 * A file's name in a model folder, checked: a manifest from elsewhere must not reach out of its folder.
 *
 * @throws ModelFileError where it is empty, absolute, or has a part that is `..`, `.` or empty, a backslash, a colon or NUL
 */
export function modelFilePath(name: string): string {
  const isSafe =
    name !== '' && !/[\\:\0]/.test(name) && name.split('/').every((part) => !['', '.', '..'].includes(part));
  if (isSafe) return name;
  throw new ModelFileError(
    name,
    `"${name}" is no name of a file in a model folder. Write it relative to the folder, with forward slashes and without "..".`,
  );
}
