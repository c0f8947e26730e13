export { findImages, type FindOptions } from './source/find-images.js';
export type { AltPlace, AltState, ByteRange, ImageContext, Notation, SourceImage } from './source/source-image.js';
export { SOURCE_EXTENSIONS, type Syntax, syntaxOf } from './source/syntax.js';
export { type LintFinding, type LintOptions, type LintRule, lintTexts, missingTexts } from './lint/rules.js';
export { githubReport, jsonReport, sarifReport, textReport } from './lint/reports.js';
