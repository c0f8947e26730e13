import { ModelFileError } from './errors/index.js';

/**
 * Whether a text can be the name of a file in a model folder: relative, with forward slashes, without a part that is `..`, `.` or
 * empty, without backslashes, colons or control characters. A name from elsewhere must not reach out of its folder.
 */
export function isModelFilePath(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  const hasOnlyPlain = name !== '' && name.length <= 1024 && !/[\\:\u0000-\u001f\u007f]/.test(name);
  return hasOnlyPlain && name.split('/').every((part) => !['', '.', '..'].includes(part));
}

/**
 * A file's name in a model folder, checked.
 *
 * @throws ModelFileError if it is not one ({@link isModelFilePath})
 */
export function modelFilePath(name: string): string {
  if (isModelFilePath(name)) return name;
  throw new ModelFileError(
    name,
    `${JSON.stringify(name)} is not the name of a file in a model folder. Write it relative to the folder, with forward slashes ` +
      'and without "..".',
  );
}
