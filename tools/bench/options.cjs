const { parseArgs } = require('node:util');

const USAGE = 'npm run bench -- [--only append,sync] [--runs 3] [--profile FOLDER]';

/** `{ only, runs, profile }`. Throws an Error for the user where the arguments make no sense. */
function readOptions(args, names) {
  let values;
  try {
    ({ values } = parseArgs({ args, options: { only: { type: 'string' }, runs: { type: 'string', default: '3' }, profile: { type: 'string' } } }));
  } catch (error) {
    throw new Error(`${error.message}\nUsage: ${USAGE}`);
  }
  const only = values.only?.split(',').map((name) => name.trim()) ?? names;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no benchmark '${unknown}'. There are: ${names.join(', ')}.`);
  if (!/^[1-9]\d?$/.test(values.runs)) throw new Error(`--runs takes a number from 1 to 99, not '${values.runs}'.`);
  return { only, runs: Number(values.runs), profile: values.profile };
}

module.exports = { readOptions };
