// `npm test [-- jest arguments]`: install, build, lint, one jest run. The last line is `N passed, N failed`.
require('./node-version.cjs');
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

function finish({ passed, failed }) {
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

async function test(args, folder) {
  const report = join(folder, 'jest.json');
  const leftOutFile = join(folder, 'left-out.txt');
  writeFileSync(leftOutFile, '');

  let failed = step('build', () => build(['.', 'eslint']) && buildConsole());
  failed += step('lint', () => require('./lint.cjs').lint() === 0);
  say('== tests');
  const ended = await runJest(args, { root, report, leftOutFile, scratch: folder });
  const counted = countTests(report, ended);
  const leftOut = [...readLeftOut(leftOutFile), ...counted.skipped.map((name) => `skipped test: ${name}`)];
  for (const line of [...counted.notes, ...leftOut.map((what) => `LEFT OUT: ${what}`)]) say(line);
  if (counted.passed + counted.failed === 0) say('No test ran: that counts as one failed.');
  if (inCi && leftOut.length > 0) say(`With CI set nothing may be left out: ${leftOut.length} counted as failed.`);

  failed += counted.failed + (inCi ? leftOut.length : 0);
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
