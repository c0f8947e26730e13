import { normalize } from 'node:path';
import type ts from 'typescript';

/**
 * What the compiler finds wrong with some files of a program, and with its settings. The other files, such as those of src/, are
 * checked by `npm run typecheck`; the compiler only looks at as much of them as these need, in a fraction of the time.
 */
export function diagnosticsOf(program: ts.Program, isWanted: (path: string) => boolean): readonly ts.Diagnostic[] {
  const files = program.getSourceFiles().filter(({ fileName }) => isWanted(normalize(fileName)));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
}
