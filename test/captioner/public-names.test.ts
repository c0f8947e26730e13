import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The names that modules export, types too. */
function exportsOf(...files: readonly string[]): string[][] {
  const paths = files.map((file) => join(ROOT, file));
  const json = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...json, include: [] }, ts.sys, ROOT);
  const program = ts.createProgram(paths, options);
  const checker = program.getTypeChecker();
  return paths.map((path) => {
    const symbol = checker.getSymbolAtLocation(program.getSourceFile(path)!);
    return checker
      .getExportsOfModule(symbol!)
      .map(({ name }) => name)
      .sort();
  });
}

test('the root has what users call, give, get and catch, by the same names in Node and in a browser', () => {
  const [node, browser] = exportsOf('src/index.ts', 'src/index.browser.ts');
  expect(browser).toEqual(node);
  expect(node).toMatchInlineSnapshot(`
      [
        "AltText",
        "AltTextPolicy",
        "AltTextReason",
        "AltTextSource",
        "Caption",
        "CaptionAllOptions",
        "CaptionAssessment",
        "CaptionOptions",
        "CaptionOutcome",
        "CaptionRegion",
        "CaptionResult",
        "CaptionStream",
        "CaptionTiming",
        "CaptionToken",
        "CaptionWord",
        "CaptioneerError",
        "CaptioneerWarning",
        "Captioner",
        "DisposedError",
        "FetchError",
        "FinishReason",
        "HeatMap",
        "ImageSource",
        "ImageTooLargeError",
        "ImageUnreadableError",
        "InvalidArgumentError",
        "LoadOptions",
        "LoadProgress",
        "ManifestError",
        "ModelFileError",
        "ModelMismatchError",
        "ModelSource",
        "ReadTextOptions",
        "RuntimeError",
        "heatMap",
        "toAltText",
      ]
    `);
});
