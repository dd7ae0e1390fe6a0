// `npm run bench [-- --only append,sync --runs 3 --profile FOLDER]`: installs and builds what is missing, runs the benchmarks, prints their
// table and, unless only some were asked for, writes docs/benchmarks.md. Exit code 1 where one could not be measured.
require('./node-version.cjs');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { build, install, root, runnableProjects, say } = require('./install.cjs');
const { describeMachine } = require('./bench/machine.cjs');
const { readOptions } = require('./bench/options.cjs');
const { benches, exists } = require('./bench/registry.cjs');
const { runApart } = require('./bench/run-apart.cjs');
const { summarise } = require('./bench/summary.cjs');
const { markdown, text } = require('./bench/table.cjs');

const DOCUMENT = join('docs', 'benchmarks.md');

/** `{ title, figures }`, or `{ title, problem }` where it could not be measured; the others are measured all the same. */
async function measure(bench, runs, env) {
  const { name, title, goals } = bench;
  try {
    if (!exists(bench)) throw new Error(`there is no ${bench.module}`);
    const outcomes = [];
    for (let run = 1; run <= (bench.once ? 1 : runs); run++) {
      say(`== ${name}, run ${run}`);
      outcomes.push(await runApart(name, env));
    }
    return { title, figures: summarise(outcomes, goals) };
  } catch (error) {
    say(`FAILED: ${name}: ${error.message}`);
    return { title, problem: error.message.split('\n')[0] };
  }
}

async function main() {
  const { only, runs, profile } = readOptions(process.argv.slice(2), benches.map(({ name }) => name));
  if (!install() || !build(runnableProjects())) throw new Error('What is to be measured could not be built: see the messages above.');
  if (profile) mkdirSync(profile, { recursive: true });
  const env = profile ? { WAMI_BENCH_PROFILE: resolve(profile) } : {};
  const machine = describeMachine(await runApart('versions'));

  const results = [];
  for (const bench of benches.filter(({ name }) => only.includes(name))) results.push(await measure(bench, runs, env));

  process.stdout.write(`\n${text(results)}\n`);
  if (only.length === benches.length && !profile) {
    const command = `npm run bench -- --runs ${runs}`;
    writeFileSync(join(root, DOCUMENT), markdown(results, { command, date: new Date().toISOString().slice(0, 10), runs, machine }));
    say(`Written to ${DOCUMENT}.`);
  } else say(`${DOCUMENT} is left as it was: it is written by a run of all, without a profile.`);
  if (results.some(({ problem }) => problem)) process.exitCode = 1;
}

main().catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
