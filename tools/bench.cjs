// `npm run bench [-- NAME ... --runs 3 --quick --states N --profile FOLDER]`: installs and builds what is missing, runs the benchmarks, prints their
// table and, unless only some were asked for, writes docs/benchmarks.md. Exit code 1 where one could not be measured; a goal that is missed
// is told in the table.
require('./node-version.cjs');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { build, install, root, runnableProjects, say } = require('./install.cjs');
const { describeMachine } = require('./bench/machine.cjs');
const { commandOf, readOptions, usage } = require('./bench/options.cjs');
const { benches, exists } = require('./bench/registry.cjs');
const { runApart } = require('./bench/run-apart.cjs');
const { summarise } = require('./bench/summary.cjs');
const { alonePart, markdown, partOf, text, withPart } = require('./bench/table.cjs');

const DOCUMENT = join('docs', 'benchmarks.md');

/** `{ title, figures }`, or `{ title, problem }` where it could not be measured; the others are measured all the same. */
async function measure(bench, runs, env) {
  const { name, title, goals, alone = false } = bench;
  try {
    if (!exists(bench)) throw new Error(`there is no ${bench.module}`);
    const outcomes = [];
    for (let run = 1; run <= (bench.once || alone ? 1 : runs); run++) {
      say(`== ${name}, run ${run}`);
      outcomes.push(await runApart(name, env, alone));
    }
    return { title, figures: summarise(outcomes, goals) };
  } catch (error) {
    say(`FAILED: ${name}: ${error.message}`);
    return { title, problem: error.message.split('\n')[0] };
  }
}

/** Returns whether these are what the document, or a part of it, is made of. */
function write(only, results, options, machine) {
  const file = join(root, DOCUMENT);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const date = new Date().toISOString().slice(0, 10);
  const alone = benches.filter((bench) => bench.alone);
  const [single] = alone.filter(({ name }) => only.length === 1 && only.includes(name));
  if (single) writeFileSync(file, withPart(before, single.title, alonePart(results[0], { command: `npm run bench -- ${single.name}`, date, machine })));
  else if (only.length === benches.length - alone.length && !alone.some(({ name }) => only.includes(name))) {
    const made = markdown(results, { command: commandOf(options), date, runs: options.runs, machine });
    const kept = alone.flatMap(({ title }) => (partOf(before, title) ? [[title, partOf(before, title)]] : []));
    writeFileSync(file, kept.reduce((document, [title, part]) => withPart(document, title, part), made));
  } else return false;
  return true;
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
  if (!profile && !quick && !states && write(only, results, options, machine)) say(`Written to ${DOCUMENT}.`);
  else say(`${DOCUMENT} is left as it was: a whole run of all of them writes it, and one that runs alone its own part.`);
  if (results.some(({ problem }) => problem)) process.exitCode = 1;
}

main().catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
