// Known faults in the packages that users get, and their bill of materials. A registry that does not answer is reported and is not a
// failure, so that a machine without a network can run CI; `--strict` makes it one.
//
//     node .ci/supply-chain.mjs [--strict]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TIMEOUT_MS = 60_000;
const isStrict = process.argv.includes('--strict');

function npm(...args) {
  const { stdout, error } = spawnSync('npm', args, { encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 });
  if (error) return { error: { summary: error.message } };
  try {
    return JSON.parse(stdout);
  } catch {
    return { error: { summary: stdout.slice(0, 200) } };
  }
}

/** @returns whether nothing severe is known */
function audit() {
  const report = npm('audit', '--omit=dev', '--json', '--fetch-retries=0');
  const found = report.metadata?.vulnerabilities;
  if (found === undefined) {
    console.log(`npm audit: no answer (${report.error?.summary ?? report.message ?? 'unknown'}); not checked.`);
    return !isStrict;
  }
  console.log(
    `npm audit: ${found.critical} critical, ${found.high} high, ${found.moderate} moderate, ${found.low} low.`,
  );
  for (const [name, { severity }] of Object.entries(report.vulnerabilities)) console.log(`  ${severity}: ${name}`);
  return found.critical + found.high === 0;
}

/** Whether a package names its licence. The bill leaves out what is not an SPDX expression: "SEE LICENSE IN LICENSE". */
function isLicensed({ licenses, purl }) {
  if (licenses?.length) return true;
  const name = decodeURIComponent(purl.slice('pkg:npm/'.length, purl.lastIndexOf('@')));
  const { license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  return typeof license === 'string';
}

/** @returns whether each package of the bill names its licence */
function billOfMaterials() {
  const { components, error } = npm('sbom', '--sbom-format=cyclonedx', '--omit=dev');
  if (components === undefined) {
    console.log(`npm sbom: ${error?.summary ?? 'no bill'}`);
    return false;
  }
  const unlicensed = components.filter((component) => !isLicensed(component)).map(({ name }) => name);
  console.log(`npm sbom: ${components.length} packages; without a licence: ${unlicensed.join(', ') || 'none'}.`);
  return unlicensed.length === 0;
}

const isSound = [audit(), billOfMaterials()].every(Boolean);
process.exitCode = isSound ? 0 : 1;
