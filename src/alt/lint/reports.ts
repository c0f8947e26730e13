import { LINT_RULES, type LintFinding, type LintRule } from './rules.js';

/** For a person: `file:line:column: message [rule]`, one line each. */
export function textReport(findings: readonly LintFinding[]): string {
  return findings
    .map(({ rule, message, image: { file, line, column, src } }) => {
      const what = src === undefined ? '' : ` ${shortened(src)}:`;
      return `${file}:${line}:${column}:${what} ${message} [${rule}]\n`;
    })
    .join('');
}

/** For programs: an array of findings. */
export function jsonReport(findings: readonly LintFinding[]): string {
  const plain = findings.map(({ rule, message, image }) => {
    const { file, line, column, range, syntax, tag, src, altText, context } = image;
    return { rule, message, file, line, column, range, syntax, tag, src, alt: altText, context };
  });
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

/** Annotations of a GitHub workflow: one command a line. */
export function githubReport(findings: readonly LintFinding[]): string {
  return findings
    .map(({ rule, message, image: { file, line, column } }) => {
      const level = rule === 'missing' ? 'error' : 'warning';
      const at = `file=${property(file)},line=${line},col=${column},title=${property(`alt text: ${rule}`)}`;
      return `::${level} ${at}::${data(message)}\n`;
    })
    .join('');
}

/**
 * SARIF 2.1.0 (OASIS), which code scanning of GitHub and others reads.
 *
 * @param version of captioneer
 */
export function sarifReport(findings: readonly LintFinding[], version: string): string {
  const rules = Object.entries(LINT_RULES).map(([id, text]) => ({
    id,
    shortDescription: { text },
    defaultConfiguration: { level: levelOf(id as LintRule) },
  }));
  const results = findings.map(({ rule, message, image }) => ({
    ruleId: rule,
    level: levelOf(rule),
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: image.file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/') },
          region: {
            startLine: image.line,
            startColumn: image.column,
            byteOffset: image.range.start,
            byteLength: image.range.end - image.range.start,
          },
        },
      },
    ],
  }));
  const driver = { name: 'captioneer', version, rules };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function levelOf(rule: LintRule): 'error' | 'warning' {
  return rule === 'missing' ? 'error' : 'warning';
}

/** As GitHub's runner reads a workflow command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function shortened(src: string): string {
  return src.length > 80 ? `${src.slice(0, 79)}…` : src;
}
