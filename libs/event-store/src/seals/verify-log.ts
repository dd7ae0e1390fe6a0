import type { Checkpoint, LogVerdict } from '@wami/contracts';
import type { ClientBase, Pool } from 'pg';
import { quoteSchema } from '../identifier';
import { rangeDigest } from './range-digest';
import { NO_SEAL, sameSeal, sealOf, type Seal } from './seal';

const MOST_PROBLEMS = 20;
const PAGE = 1000;

/** Compares all of a log with its seals, and these with a checkpoint that was kept elsewhere. */
export async function verifyLog(
  db: Pool | ClientBase, { schema, source, key, checkpoint }: { readonly schema: string; readonly source: string; readonly key: Buffer; readonly checkpoint?: Checkpoint },
): Promise<LogVerdict> {
  const quoted = quoteSchema(schema);
  const problems: string[] = [];
  let last: typeof NO_SEAL = NO_SEAL;
  let seals = 0;
  let events = 0;
  let seen: string | undefined;
  for (;;) {
    const { rows } = await db.query<Seal>(`SELECT number::int, tx::text, position::text, events::int, digest, seal FROM ${quoted}.seals WHERE number > $1 ORDER BY seals.number LIMIT ${PAGE}`, [last.number]);
    for (const one of rows) {
      const found = await rangeDigest(db, quoted, '(tx, position) > ($1::xid8, $2::bigint) AND (tx, position) <= ($3::xid8, $4::bigint)', [last.tx, last.position, one.tx, one.position]);
      const problem = problemOf(one, last, found, sealOf(key, source, last.seal, one));
      if (problem === undefined) events += one.events;
      else if (problems.length < MOST_PROBLEMS) problems.push(`${source}: ${problem}`);
      if (one.number === checkpoint?.number) seen = one.seal;
      seals++;
      last = one;
    }
    if (rows.length < PAGE) break;
  }
  if (checkpoint && (seen === undefined || !sameSeal(seen, checkpoint.seal))) {
    problems.push(`${source}: ${seen === undefined ? `the log ends before seal ${checkpoint.number}, which was noted elsewhere` : `seal ${checkpoint.number} is not the one that was noted elsewhere`}`);
  }
  const { rows: [tail] } = await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${quoted}.events WHERE (tx, position) > ($1::xid8, $2::bigint)`, [last.tx, last.position]);
  const whole = problems.length === 0 && last.number > 0 ? { checkpoint: { number: last.number, seal: last.seal } } : {};
  return { source, seals, events, unsealed: tail?.count ?? 0, problems, ...whole };
}

function problemOf(one: Seal, last: typeof NO_SEAL, found: { readonly events: number; readonly digest: string } | undefined, expected: string): string | undefined {
  if (one.number !== last.number + 1) return `seals ${last.number + 1} to ${one.number - 1} are missing`;
  if (!sameSeal(one.seal, expected)) return `seal ${one.number} was not made with this key, or not for this`;
  if (found?.digest === one.digest) return undefined;
  const places = `between ${last.tx}.${last.position} and ${one.tx}.${one.position}`;
  return `the events ${places} are not those that were sealed (${one.events} were, ${found?.events ?? 0} are there)`;
}
