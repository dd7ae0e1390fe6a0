import { chosenSeed, Random } from '../random';
import { REAL_FAULTS } from './faults';
import { Installation } from './installation';
import { tableOf } from './table';
import { tryFault, type FaultRow } from './try-fault';

jest.setTimeout(300_000);

/** All of them are for `npm run chaos`. */
const TRIED = REAL_FAULTS.filter(({ name }) => name.startsWith('second of two sync services'));
const SECONDS = 2;

it('two sync services share a target: one takes over from the other when that is killed, and nothing is lost or done twice', async () => {
  const seed = chosenSeed();
  const random = new Random(seed);
  const installation = await Installation.open(seed);
  const rows: FaultRow[] = [];
  try {
    for (const [index, fault] of TRIED.entries()) rows.push(await tryFault(installation, fault, random, `f${index}-`, SECONDS));
    process.stderr.write(`seed ${seed}\n${tableOf(rows)}\n`);
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rows).toHaveLength(1);
    expect(rows.map(({ acknowledged }) => acknowledged > 0)).toEqual(TRIED.map(() => true));
    expect(await installation.end()).toEqual([]);
  } finally {
    await installation.close();
  }
});
