import type { EventBatch, Parked } from '@wami/event-log';
import { together } from '@wami/event-store';
import type { EngineDatabase } from '../database/engine-database';
import { Parking } from '../dead-letters/parking';
import { foldErasures } from '../erasure/erase';
import type { PauseBook } from '../pauses/pause-book';
import { foldEvents, foldInParts, type Folded } from './fold-events';
import { lockFold } from './fold-lock';

export interface FoldedBatch extends Folded {
  /** What was put aside. */
  readonly parked: readonly Parked[];
}

/**
 * Folds a batch of identity's events: what is wanted, which bindings became due, the announcements of it, and the position, in one
 * transaction. No order between streams is relied on. `isSpoilt`: one of them makes the fold fail, and is looked for.
 */
export async function foldBatch(db: EngineDatabase, pauses: PauseBook, now: () => number, batch: EventBatch, isSpoilt: boolean): Promise<FoldedBatch> {
  let committed = false;
  try {
    const folded = await foldInTransaction(db, pauses, now, batch, isSpoilt);
    committed = true;
    return folded;
  } finally {
    pauses.folded(committed);
  }
}

function foldInTransaction(db: EngineDatabase, pauses: PauseBook, now: () => number, batch: EventBatch, isSpoilt: boolean): Promise<FoldedBatch> {
  return db.transaction(async (client) => {
    const [, { parking, fresh }] = await together([lockFold(client, db.schema), Parking.open(client, db, batch.events)]);
    const folded = isSpoilt ? await foldInParts(client, db, pauses, now, parking, fresh) : await foldEvents(client, db, pauses, now, parking.sift(fresh));
    if (parking.parked.length > 0) {
      await parking.save(client, db, batch.atRest);
      // Also those that are parked: whoever waits for another release is forgotten now.
      await foldErasures(client, db, parking.parked.map(({ event }) => event));
    }
    await batch.savePosition(client);
    return { ...folded, parked: parking.parked };
  });
}
