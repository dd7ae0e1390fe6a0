import type { EventBatch } from '@wami/event-log';
import { together } from '@wami/event-store';
import type { EngineDatabase } from '../database/engine-database';
import { foldApprovals } from '../guard/fold-approvals';
import { noteHands } from '../guard/note-hands';
import { acceptImports } from '../imports/accept-imports';
import { acceptJobs } from '../jobs/accept-jobs';
import { foldErasures } from '../erasure/erase';
import { foldPauses } from '../pauses/fold-pauses';
import type { PauseBook } from '../pauses/pause-book';
import { acceptPlans } from '../plans/accept-plans';
import { foldStatements } from '../repairs/fold-statements';
import { bulkOf } from './bulk';
import { lockFold } from './fold-lock';
import { foldResources } from './fold-resources';
import { foldTenants } from './fold-tenants';
import { parkUnreadable } from './park';
import { reconsider } from './reconsider';

export interface Folded {
  /** Accounts that have work now. */
  readonly due: ReadonlySet<string>;
  /** A large job is to be marked to its end. */
  readonly more: boolean;
}

/**
 * Folds a batch of identity's events: what is wanted, which bindings became due, the announcements of it, and the position, in one
 * transaction. No order between streams is relied on.
 */
export async function foldBatch(db: EngineDatabase, pauses: PauseBook, now: () => number, batch: EventBatch): Promise<Folded> {
  let committed = false;
  try {
    const folded = await foldInTransaction(db, pauses, now, batch);
    committed = true;
    return folded;
  } finally {
    pauses.folded(committed);
  }
}

function foldInTransaction(db: EngineDatabase, pauses: PauseBook, now: () => number, batch: EventBatch): Promise<Folded> {
  return db.transaction(async (client) => {
    const [, events] = await together([lockFold(client, db.schema), parkUnreadable(client, db, batch.events)]);
    // Before anything is locked that a pass may hold.
    pauses.expect(await foldPauses(client, db, events));
    await foldTenants(client, db, events);
    await noteHands(client, db, events);
    const { resources, causes, traces, withdrawn, appeared } = await foldResources(client, db, events);
    const [cause] = causes.values();
    const at = now();
    const due = cause ? await reconsider(client, db, resources, { causes, traces, cause, withdrawn, bulk: bulkOf(causes), retag: false, lane: 0, now: at, appeared }) : new Set<string>();
    const repaired = await foldStatements(client, db, events, at);
    // Of all events, also those that are parked: whoever waits for another release is forgotten now.
    await foldErasures(client, db, batch.events);
    await acceptPlans(client, db, events, at);
    const asked = await acceptJobs(client, db, events, at);
    const importing = await acceptImports(client, db, events, at);
    await foldApprovals(client, db, events, at);
    await batch.savePosition(client);
    return { due: new Set([...due, ...repaired, ...asked.accounts, ...importing]), more: asked.more };
  });
}
