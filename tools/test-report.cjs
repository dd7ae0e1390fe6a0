const { existsSync, readFileSync } = require('node:fs');
const { relative } = require('node:path');

const failedTests = (suite) => suite.assertionResults.filter(({ status }) => status === 'failed').length;

/** Suites that failed outside of their tests: they did not compile, hold no test, or broke while setting up or tearing down. */
const brokenSuites = (report) => report.testResults.filter((suite) => suite.status === 'failed' && failedTests(suite) === 0);

const skippedTests = (report) =>
  report.testResults.flatMap((suite) =>
    suite.assertionResults.filter(({ status }) => status === 'pending' || status === 'todo').map(({ fullName }) => fullName),
  );

/**
 * Counts jest's JSON report: `{ passed, failed, skipped, notes }`. A suite that could not run counts as one failed, and so
 * does a run that ended badly for a reason that no test shows (`ended` is what runJest resolved to).
 */
function countTests(file, ended) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [], notes: [`FAILED: ${ended.problem ?? 'jest wrote no report'}`] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const notes = brokenSuites(report).map((suite) => `FAILED: suite ${relative(process.cwd(), suite.name)}`);
  let failed = report.numFailedTests + notes.length;
  if (failed === 0 && (ended.problem || ended.status !== 0)) {
    failed = 1;
    notes.push(`FAILED: ${ended.problem ?? `jest ended with exit code ${ended.status}`}`);
  }
  return { passed: report.numPassedTests, failed, skipped: skippedTests(report), notes };
}

/** What the tests themselves left out, one line each, such as `kafka: mvn not found, install maven`. */
function readLeftOut(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean);
  return [...new Set(lines)];
}

module.exports = { countTests, readLeftOut };
