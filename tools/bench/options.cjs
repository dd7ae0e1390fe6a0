const { parseArgs } = require('node:util');

const RUNS = 3;

/** What `--help` prints. */
function usage(benches) {
  const width = Math.max(...benches.map(({ name }) => name.length));
  return [
    'Usage: npm run bench [-- [NAME ...] [--runs N] [--quick] [--states N] [--profile FOLDER]]', '',
    'Measures WAMI beside a ceiling of the same run, prints the medians and writes them to their parts of docs/benchmarks.md. With names: only these; without: all',
    'but those that take long.', '',
    ...benches.map(({ name, title, alone }) => `  ${name.padEnd(width)}  ${title}${alone ? ' (takes long)' : ''}`), '',
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

/** `{ only, named, runs, quick, profile, states, help }`, `named` as it was asked for. Throws an Error for the user where the arguments make no sense. */
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
  const named = names.filter((name) => positionals.includes(name));
  const only = named.length > 0 ? named : benches.filter(({ alone }) => !alone).map(({ name }) => name);
  return { only, named, runs: Number(runs ?? (quick ? 1 : RUNS)), quick, profile, states, help };
}

/** The command that measures the same again. */
function commandOf({ named, runs }) {
  const given = [...named, ...(runs === RUNS ? [] : ['--runs', runs])];
  return ['npm run bench', ...(given.length > 0 ? ['--', ...given] : [])].join(' ');
}

module.exports = { commandOf, readOptions, usage };
