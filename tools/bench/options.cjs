const { parseArgs } = require('node:util');

const RUNS = 3;

/** What `--help` prints. */
function usage(benches) {
  const width = Math.max(...benches.map(({ name }) => name.length));
  return [
    'Usage: npm run bench [-- [NAME ...] [--runs N] [--quick] [--states N] [--profile FOLDER]]', '',
    'Measures WAMI beside a ceiling of the same run. Without names: all but those that run alone, and the medians are written to docs/benchmarks.md.',
    'With names: only these, and the table is printed and nothing written. One that runs alone, asked for by itself, writes its own part of the page.', '',
    ...benches.map(({ name, title, alone }) => `  ${name.padEnd(width)}  ${title}${alone ? ' (alone)' : ''}`), '',
    `  --runs N          so many runs of each, each in a process of its own; the median counts (default ${RUNS})`,
    '  --states N        queries: so many sync states instead of 10000000; nothing is written',
    '  --quick           one short run of each, to see that they work; nothing is written',
    '  --profile FOLDER  CPU profiles of the server that is measured go there; nothing is written',
    '  --help            this',
  ].join('\n');
}

const OPTIONS = {
  runs: { type: 'string' }, quick: { type: 'boolean', default: false }, profile: { type: 'string' }, states: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false },
};

/** `{ only, runs, quick, profile, states, help }`. Throws an Error for the user where the arguments make no sense. */
function readOptions(args, benches) {
  const names = benches.map(({ name }) => name);
  let parsed;
  try {
    parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Error(`${error.message}\n${usage(benches)}`);
  }
  const { values: { runs, quick, profile, states, help }, positionals } = parsed;
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no benchmark '${unknown}'. There are: ${names.join(', ')}.`);
  if (runs !== undefined && !/^[1-9]\d?$/.test(runs)) throw new Error(`--runs takes a number from 1 to 99, not '${runs}'.`);
  if (states !== undefined && !/^[1-9]\d{3,8}$/.test(states)) throw new Error(`--states takes a number from 1000 to 999999999, not '${states}'.`);
  return { only: positionals.length > 0 ? names.filter((name) => positionals.includes(name)) : benches.filter(({ alone }) => !alone).map(({ name }) => name), runs: Number(runs ?? (quick ? 1 : RUNS)), quick, profile, states, help };
}

/** The command that makes the document with these. */
const commandOf = ({ runs }) => (runs === RUNS ? 'npm run bench' : `npm run bench -- --runs ${runs}`);

module.exports = { commandOf, readOptions, usage };
