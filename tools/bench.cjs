// `npm run bench [-- NAME ... --runs 3 --quick --profile FOLDER]`: installs and builds what is missing, runs the benchmarks, prints their
// table and, unless only some were asked for, writes docs/benchmarks.md. Exit code 1 where one could not be measured; a goal that is missed
// is told in the table.
require('./node-version.cjs');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { build, install, root, runnableProjects, say } = require('./install.cjs');
const { describeMachine } = require('./bench/machine.cjs');
const { commandOf, readOptions, usage } = require('./bench/options.cjs');
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
  const options = readOptions(process.argv.slice(2), benches);
  const { only, runs, quick, profile } = options;
  if (options.help) return void process.stdout.write(`${usage(benches)}\n`);
  if (!install() || !build(runnableProjects())) throw new Error('What is to be measured could not be built: see the messages above.');
  if (profile) mkdirSync(profile, { recursive: true });
  const env = { ...(profile ? { WAMI_BENCH_PROFILE: resolve(profile) } : {}), ...(quick ? { WAMI_BENCH_QUICK: '1' } : {}) };
  const machine = describeMachine(await runApart('versions'));

  const results = [];
  for (const bench of benches.filter(({ name }) => only.includes(name))) results.push(await measure(bench, runs, env));

  process.stdout.write(`\n${text(results)}\n`);
  if (only.length === benches.length && !profile && !quick) {
    writeFileSync(join(root, DOCUMENT), markdown(results, { command: commandOf(options), date: new Date().toISOString().slice(0, 10), runs, machine }));
    say(`Written to ${DOCUMENT}.`);
  } else say(`${DOCUMENT} is left as it was: a whole run of all of them writes it.`);
  if (results.some(({ problem }) => problem)) process.exitCode = 1;
}

main().catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
