// Adds up test reports in Vitest's JSON form and prints `N passed, N failed`. Exits 1 where anything failed, where a test
// file could not be run, where a report is missing, and where no test ran.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of process.argv.slice(2)) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`No test report: ${error.message}`);
    failed += 1;
    continue;
  }
  // A file that fails outside its tests (an import, a hook) has no failed test to count.
  const brokenFiles = (report.testResults ?? []).filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  const counted = report.numFailedTests + brokenFiles.length;
  passed += report.numPassedTests;
  // An error outside every test makes the run fail without failing one.
  failed += report.success === false ? Math.max(counted, 1) : counted;
  skipped += (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed || !passed ? 1 : 0;
