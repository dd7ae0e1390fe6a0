import type { RecordedEvent } from '@wami/contracts';
import { singleOut, type Sieve } from '@wami/event-log';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { isDeadLetterRequest, noteRequests, type Lines } from '../dead-letters/requests';
import { foldErasures } from '../erasure/erase';
import { foldApprovals } from '../guard/fold-approvals';
import { noteHands } from '../guard/note-hands';
import { acceptImports } from '../imports/accept-imports';
import { acceptJobs } from '../jobs/accept-jobs';
import { foldPauses } from '../pauses/fold-pauses';
import type { PauseBook } from '../pauses/pause-book';
import type { KnownPause } from '../pauses/standing-pauses';
import { acceptPlans } from '../plans/accept-plans';
import { acceptChecks } from '../reports/checks';
import { foldStatements } from '../repairs/fold-statements';
import { bulkOf } from './bulk';
import { foldResources } from './fold-resources';
import { foldTenants } from './fold-tenants';
import { reconsider } from './reconsider';

/** What came of events that were folded. */
export interface Folded {
  /** Accounts that have work now. */
  readonly due: ReadonlySet<string>;
  /** A large job is to be marked to its end. */
  readonly more: boolean;
  /** Lines of parked events that somebody wants tried again. */
  readonly retry: Lines;
}

const NO_LINES: Lines = new Set();
export const NOTHING_FOLDED: Folded = { due: new Set(), more: false, retry: NO_LINES };

/** Both of it. */
export function bothFolded(one: Folded, other: Folded): Folded {
  const retry = one.retry === 'all' || other.retry === 'all' ? 'all' : new Set([...one.retry, ...other.retry]);
  return { due: new Set([...one.due, ...other.due]), more: one.more || other.more, retry };
}

/** Folds events that were read, within the transaction that holds the fold's lock. `paused`: of parts that were folded before. */
export async function foldEvents(client: PoolClient, db: EngineDatabase, pauses: PauseBook, now: () => number, events: readonly RecordedEvent[], paused: KnownPause[] = []): Promise<Folded> {
  // Before anything is locked that a pass may hold.
  const started = await foldPauses(client, db, events);
  pauses.expect([...paused, ...started]);
  await foldTenants(client, db, events);
  await noteHands(client, db, events);
  const { resources, causes, traces, withdrawn, appeared } = await foldResources(client, db, events);
  const [cause] = causes.values();
  const at = now();
  const due = cause ? await reconsider(client, db, resources, { causes, traces, cause, withdrawn, bulk: bulkOf(causes), retag: false, lane: 0, now: at, appeared }) : new Set<string>();
  const repaired = await foldStatements(client, db, events, at);
  await foldErasures(client, db, events);
  await acceptPlans(client, db, events, at);
  const asked = await acceptJobs(client, db, events, at);
  const importing = await acceptImports(client, db, events, at);
  await acceptChecks(client, db, events);
  await foldApprovals(client, db, events, at);
  const retry = events.some(isDeadLetterRequest) ? await noteRequests(client, db, events) : NO_LINES;
  paused.push(...started);
  return { due: new Set([...due, ...repaired, ...asked.accounts, ...importing]), more: asked.more, retry };
}

/** The same where one of them is known or may be found to spoil the others: what cannot be folded is parked in the sieve. */
export async function foldInParts(client: PoolClient, db: EngineDatabase, pauses: PauseBook, now: () => number, sieve: Sieve<RecordedEvent>, events: readonly RecordedEvent[]): Promise<Folded> {
  const paused: KnownPause[] = [];
  let folded = NOTHING_FOLDED;
  await singleOut(client, sieve, events, async (part) => {
    folded = bothFolded(folded, await foldEvents(client, db, pauses, now, part, paused));
  });
  // What was refused has paused nothing.
  pauses.expect(paused);
  return folded;
}
