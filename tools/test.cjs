// `npm test [-- jest arguments]`: install, build, one jest run with the linter beside it. The last line is `N passed, N failed`.
require('./node-version.cjs');
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { buildConsole } = require('./console.cjs');
const { build, install, root, say } = require('./install.cjs');
const { runJest } = require('./jest-run.cjs');
const { makeScratch } = require('./scratch.cjs');
const { countTests, readLeftOut } = require('./test-report.cjs');

const inCi = /^(1|true)$/i.test(process.env.CI ?? '');

/** A step besides the tests counts as one failed when it fails, and is named. */
function step(title, passes) {
  say(`== ${title}`);
  if (passes()) return 0;
  say(`FAILED: ${title}`);
  return 1;
}

/** What the tests need of outside: what is not there when the first of them asks, it waits for. */
function startFetching() {
  const fetching = spawn(process.execPath, [join(root, 'libs', 'testing', 'dist', 'prefetch-main.js')], { cwd: root, stdio: ['ignore', 2, 2] });
  fetching.once('error', (error) => say(`Nothing is fetched before the tests: ${error.message}`));
  return fetching;
}

/** Lints beside the tests, for it uses one processor alone; resolves with how it went, to be told in one piece. */
function startLint() {
  const linting = spawn(process.execPath, [join(__dirname, 'lint.cjs')], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [linting.stdout, linting.stderr]) stream.setEncoding('utf8').on('data', (text) => said.push(text));
  return new Promise((resolve) => {
    linting.once('error', (error) => resolve({ passed: false, text: error.message }));
    linting.once('close', (code) => resolve({ passed: code === 0, text: said.join('').trim() }));
  });
}

function finish({ passed, failed }) {
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

async function test(args, folder) {
  const report = join(folder, 'jest.json');
  const leftOutFile = join(folder, 'left-out.txt');
  writeFileSync(leftOutFile, '');

  let failed = step('build', () => build(['.', 'eslint']) && buildConsole());
  // Some tests alone may need nothing of it.
  const fetching = failed === 0 && args.length === 0 ? startFetching() : undefined;
  const linting = startLint();
  say('== tests');
  const ended = await runJest(args, { root, report, leftOutFile, scratch: folder });
  fetching?.kill();
  const { passed, text } = await linting;
  failed += step('lint', () => {
    if (text !== '') say(text);
    return passed;
  });
  const counted = countTests(report, ended);
  const leftOut = [...readLeftOut(leftOutFile), ...counted.skipped.map((name) => `skipped test: ${name}`)];
  for (const line of [...counted.notes, ...leftOut.map((what) => `LEFT OUT: ${what}`)]) say(line);
  if (counted.passed + counted.failed === 0) say('No test ran: that counts as one failed.');
  // Data beside the checkout no test can fetch: it is named, and that is all.
  const fetchable = leftOut.filter((line) => !line.startsWith('absent data: '));
  if (inCi && fetchable.length > 0) say(`With CI set nothing may be left out: ${fetchable.length} counted as failed.`);

  failed += counted.failed + (inCi ? fetchable.length : 0);
  return { passed: counted.passed, failed: counted.passed + failed === 0 ? 1 : failed };
}

async function main() {
  if (!install()) {
    say('FAILED: install');
    return finish({ passed: 0, failed: 1 });
  }
  const scratch = makeScratch();
  try {
    finish(await test(process.argv.slice(2), scratch.folder));
  } finally {
    scratch.remove();
  }
}

main().catch((error) => {
  say(error.stack);
  finish({ passed: 0, failed: 1 });
});
