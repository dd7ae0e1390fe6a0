import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chosenSeed, Random } from '../random';
import { REAL_FAULTS, type RealFault } from './faults';
import { Installation } from './installation';
import { SmallDisk } from './small-disk';
import { documentOf, leftOutText, tableOf, type LeftOut } from './table';
import { tryFault, type FaultRow } from './try-fault';

const DOCUMENT = join(__dirname, '..', '..', '..', '..', '..', 'docs', 'reliability.md');
const USAGE = `npm run chaos -- [options]
  --only WORDS   of the faults only those whose names contain WORDS; docs/reliability.md is left as it is
  --seconds N    how long a fault lasts that does not end by itself (default 60)
  WAMI_CHAOS_SEED=N repeats the choices, not the moments.
`;

interface Tried {
  readonly rows: readonly FaultRow[];
  readonly leftOut: readonly LeftOut[];
  /** Processes that did not end well. */
  readonly unwell: readonly string[];
}

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
  const onMachine = await tryThem(faults.filter(({ needsSmallDisk }) => !needsSmallDisk), seed, random, secondsEach);
  const onSmallDisk = await tryOnSmallDisk(faults.filter(({ needsSmallDisk }) => needsSmallDisk), seed, random, secondsEach);
  const [rows, leftOut, unwell] = [[...onMachine.rows, ...onSmallDisk.rows], [...onMachine.leftOut, ...onSmallDisk.leftOut], [...onMachine.unwell, ...onSmallDisk.unwell]];
  const problems = [...new Set([...rows.flatMap((row) => row.problems), ...unwell.map((name) => `${name} did not end well`)])];
  process.stdout.write(`${[tableOf(rows), `seed ${seed}`, ...leftOut.map(leftOutText), ...problems].join('\n')}\n`);
  if (values.only === undefined) writeFileSync(DOCUMENT, documentOf(rows, leftOut, { seed, secondsEach, date: new Date().toISOString().slice(0, 10) }));
  return problems.length === 0 ? 0 : 1;
}

async function tryThem(faults: readonly RealFault[], seed: number, random: Random, secondsEach: number, disk?: SmallDisk): Promise<Tried> {
  if (faults.length === 0) return { rows: [], leftOut: [], unwell: [] };
  const installation = await Installation.open(seed, disk);
  const rows: FaultRow[] = [];
  try {
    for (const fault of faults) {
      process.stderr.write(`== ${fault.name}\n`);
      rows.push(await tryFault(installation, fault, random, `f${REAL_FAULTS.indexOf(fault)}-`, secondsEach));
      process.stderr.write(`${tableOf(rows.slice(-1)).split('\n').at(-1) ?? ''}\n`);
    }
    return { rows, leftOut: [], unwell: await installation.end() };
  } catch (error) {
    process.stderr.write(await installation.condition());
    throw error;
  } finally {
    await installation.close();
  }
}

async function tryOnSmallDisk(faults: readonly RealFault[], seed: number, random: Random, secondsEach: number): Promise<Tried> {
  const disk = faults.length === 0 ? undefined : SmallDisk.mount();
  if (disk === undefined) return { rows: [], leftOut: faults.map(({ name }) => ({ fault: name, why: 'this user may not mount a file system of its own for it' })), unwell: [] };
  try {
    return await tryThem(faults, seed, random, secondsEach, disk);
  } finally {
    disk.unmount();
  }
}

main().then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
