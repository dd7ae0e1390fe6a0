const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { countTests, readLeftOut } = require('./test-report.cjs');

const folder = mkdtempSync(join(tmpdir(), 'wami-report-'));
const file = join(folder, 'report');
afterAll(() => rmSync(folder, { recursive: true }));

const suite = (status, ...statuses) => ({ name: '/a.spec.ts', status, assertionResults: statuses.map((s) => ({ status: s, fullName: `a ${s} test` })) });

function count(testResults, ended = { status: 0 }) {
  const all = testResults.flatMap((result) => result.assertionResults.map(({ status }) => status));
  const how = (wanted) => all.filter((status) => status === wanted).length;
  writeFileSync(file, JSON.stringify({ testResults, numPassedTests: how('passed'), numFailedTests: how('failed') }));
  return countTests(file, ended);
}

test('tests are counted, not suites', () => {
  expect(count([suite('passed', 'passed', 'passed'), suite('failed', 'passed', 'failed')], { status: 1 })).toMatchObject({ passed: 3, failed: 1, notes: [] });
});

test('a suite that could not run counts as one failed and is named', () => {
  const counted = count([suite('passed', 'passed'), suite('failed')], { status: 1 });
  expect(counted).toMatchObject({ passed: 1, failed: 1, notes: [expect.stringContaining('a.spec.ts')] });
});

test('a suite whose tear-down failed after its tests passed counts as one failed', () => {
  expect(count([suite('failed', 'passed')], { status: 1 })).toMatchObject({ passed: 1, failed: 1 });
});

test('a run that ended badly without a failed test counts as one failed', () => {
  expect(count([suite('passed', 'passed')], { status: 1 })).toMatchObject({ passed: 1, failed: 1 });
  expect(count([suite('passed', 'passed')], { problem: 'jest was ended by SIGKILL' })).toMatchObject({ failed: 1 });
});

test('no report counts as one failed', () => {
  expect(countTests(join(folder, 'nothing'), { status: 1 })).toMatchObject({ passed: 0, failed: 1 });
});

test('skipped and planned tests are named', () => {
  expect(count([suite('passed', 'passed', 'pending', 'todo')]).skipped).toEqual(['a pending test', 'a todo test']);
});

test('what was left out is told once', () => {
  writeFileSync(file, 'kafka: mvn not found\n\nkafka: mvn not found\nmoto: python3 not found\n');
  expect(readLeftOut(file)).toEqual(['kafka: mvn not found', 'moto: python3 not found']);
});
