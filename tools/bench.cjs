// `npm run bench [-- NAME ... --runs 3 --quick --states N --profile FOLDER]`: installs and builds what is missing, runs the benchmarks, prints their
// table and writes their parts of docs/benchmarks.md. Exit code 1 where one could not be measured; a goal that is missed is told in the table.
require('./node-version.cjs');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { build, install, root, runnableProjects, say } = require('./install.cjs');
const { describeMachine } = require('./bench/machine.cjs');
const { commandOf, readOptions, usage } = require('./bench/options.cjs');
const { benches, exists } = require('./bench/registry.cjs');
const { runApart } = require('./bench/run-apart.cjs');
const { summarise } = require('./bench/summary.cjs');
const { partFrom, text, withParts } = require('./bench/table.cjs');

const DOCUMENT = join('docs', 'benchmarks.md');

/** `{ title, runs, figures }`, or `{ title, runs, problem }` where it could not be measured; the others are measured all the same. */
async function measure(bench, most, env) {
  const { name, title, goals, once = false, alone = false } = bench;
  const runs = once || alone ? 1 : most;
  try {
    if (!exists(bench)) throw new Error(`there is no ${bench.module}`);
    const outcomes = [];
    for (let run = 1; run <= runs; run++) {
      say(`== ${name}, run ${run}`);
      outcomes.push(await runApart(name, env, alone));
    }
    return { title, runs, figures: summarise(outcomes, goals) };
  } catch (error) {
    say(`FAILED: ${name}: ${error.message}`);
    return { title, runs, problem: error.message.split('\n')[0] };
  }
}

function write(results, options, machine) {
  const file = join(root, DOCUMENT);
  const made = { command: commandOf(options), date: new Date().toISOString().slice(0, 10), machine };
  const parts = new Map(results.map((result) => [result.title, partFrom(result, { ...made, runs: result.runs })]));
  writeFileSync(file, withParts(existsSync(file) ? readFileSync(file, 'utf8') : '', parts, benches.map(({ title }) => title)));
}

async function main() {
  const options = readOptions(process.argv.slice(2), benches);
  const { only, quick, profile, states } = options;
  if (options.help) return void process.stdout.write(`${usage(benches)}\n`);
  if (!install() || !build(runnableProjects())) throw new Error('What is to be measured could not be built: see the messages above.');
  if (profile) mkdirSync(profile, { recursive: true });
  const env = { ...(profile ? { WAMI_BENCH_PROFILE: resolve(profile) } : {}), ...(quick ? { WAMI_BENCH_QUICK: '1' } : {}), ...(states ? { WAMI_BENCH_STATES: states } : {}) };
  const machine = describeMachine(await runApart('versions'));

  const results = [];
  for (const bench of benches.filter(({ name }) => only.includes(name))) results.push(await measure(bench, options.runs, env));

  process.stdout.write(`\n${text(results)}\n`);
  if (profile || quick || states) say(`${DOCUMENT} is left as it was: it tells of whole runs without a profile.`);
  else {
    write(results, options, machine);
    say(`Written to ${DOCUMENT}.`);
  }
  if (results.some(({ problem }) => problem)) process.exitCode = 1;
}

main().catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
