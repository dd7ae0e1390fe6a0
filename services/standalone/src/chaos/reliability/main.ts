import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chosenSeed, Random } from '../random';
import { REAL_FAULTS } from './faults';
import { Installation } from './installation';
import { documentOf, tableOf } from './table';
import { tryFault, type FaultRow } from './try-fault';

const DOCUMENT = join(__dirname, '..', '..', '..', '..', '..', 'docs', 'reliability.md');
const USAGE = `npm run chaos -- [options]
  --only WORDS   of the faults only those whose names contain WORDS; docs/reliability.md is left as it is
  --seconds N    how long a fault lasts that does not end by itself (default 60)
  WAMI_CHAOS_SEED=N repeats the choices, not the moments.
`;

/** `npm run chaos`: one fault after the other at the same installation. Resolves with the exit code. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, seconds: { type: 'string', default: '60' }, help: { type: 'boolean' } } });
  const secondsEach = Number(values.seconds);
  const faults = REAL_FAULTS.filter(({ name }) => name.includes(values.only ?? ''));
  if (values.help || !(secondsEach > 0) || faults.length === 0) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const seed = chosenSeed();
  const random = new Random(seed);
  const installation = await Installation.open(seed);
  const rows: FaultRow[] = [];
  try {
    for (const [index, fault] of faults.entries()) {
      process.stderr.write(`== ${fault.name}\n`);
      rows.push(await tryFault(installation, fault, random, `f${index}-`, secondsEach));
      process.stderr.write(`${tableOf(rows.slice(-1)).split('\n').at(-1) ?? ''}\n`);
    }
    const unwell = await installation.end();
    const problems = [...new Set([...rows.flatMap((row) => row.problems), ...unwell.map((name) => `${name} did not end well`)])];
    process.stdout.write(`${tableOf(rows)}\nseed ${seed}\n${problems.map((problem) => `${problem}\n`).join('')}`);
    if (values.only === undefined) writeFileSync(DOCUMENT, documentOf(rows, { seed, secondsEach, date: new Date().toISOString().slice(0, 10) }));
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(await installation.condition());
    throw error;
  } finally {
    await installation.close();
  }
}

main().then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
