import type { PoolClient } from 'pg';
import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import type { PauseBook } from '../pauses/pause-book';
import { TargetLost } from '../reconcile/caller';
import type { Scene } from '../reconcile/pass';
import { retryDelay } from '../record/backoff';
import { Listing, type ListingRoom } from '../targets/listing';
import { BesidePasses, type BesideParts } from '../targets/beside-passes';
import { whileOwned } from '../targets/while-owned';
import { markBindings } from './mark-bindings';
import { nextSweepAt } from './next-sweep';
import { NEVER, plannedSweeps } from './plan-sweeps';
import { readKinds, type Reading } from './read-kinds';
import { sweptAppend } from './swept-event';
import { lockSweep, saveSweep, settersOf, sweepsOf, type Setter, type SweepRow } from './sweep-table';

export interface TargetDriftParts extends BesideParts {
  readonly pauses: PauseBook;
  readonly listingRoom: ListingRoom;
  /** Takes what was read, for the passes that compare with it; until `undefined` comes it is kept. */
  readonly offer: (listings: ReadonlyMap<string, Listing> | undefined) => void;
  readonly onMarked: () => void;
}

/** Schedules are rarer than work. */
const LOOK_EVERY = 3;
/** After so many failures a kind is left out of a sweep and told of as a problem of it. */
const ATTEMPTS = 4;

/** Sweeps one owned target when schedules ask for it, beside the passes: reads it in bulk and asks for the comparison of what is held on record. */
export class TargetDrift extends BesidePasses {
  /** What is kept of the target in memory. */
  listings: Listing[] = [];

  constructor(private readonly parts: TargetDriftParts) {
    super(parts, LOOK_EVERY * parts.pollMs);
  }

  protected async run(): Promise<void> {
    await this.sweepWhatIsDue().finally(() => {
      this.listings = [];
      this.parts.offer(undefined);
    });
  }

  private async sweepWhatIsDue(): Promise<void> {
    const { db, lease: { account }, seams: { clock, random } } = this.parts;
    const setters = await settersOf(db.pool, db, account);
    const rows = await sweepsOf(db.pool, db, account);
    const changed = plannedSweeps(setters, rows, clock.now(), random);
    if (changed.length > 0) await whileOwned(this.parts, async (client) => { for (const row of changed) await saveSweep(client, db, account, row); });
    const planned = new Set(changed.map(({ tenant }) => tenant));
    const due = rows.filter(({ tenant, dueAt }) => dueAt <= clock.now() && !planned.has(tenant));
    if (due.length > 0) await this.sweep(due, setters);
  }

  /** Those that are due together share one reading. */
  private async sweep(due: readonly SweepRow[], setters: readonly Setter[]): Promise<void> {
    const { db, lease: { account }, sceneFor, caller, seams: { clock }, quarantine, offer } = this.parts;
    const scenes = due.map((row) => ({ row, scene: sceneFor(row.tenant) }));
    // A parent that may not use the target itself may have a child that may.
    const scene = setters.map(({ tenant }) => sceneFor(tenant)).find((one): one is Scene => !('missing' in one));
    if (scene === undefined) return this.putOff(scenes.map(({ row }) => row));
    const since = clock.now();
    const reading = await readKinds(db, account, scene, caller(), () => this.begin());
    const rejected = reading.problems.find(({ error }) => error.code === 'AuthExpired');
    if (rejected) await quarantine.begin(rejected.error.message, rejected.error.code);
    const tryAgain = rejected !== undefined || reading.problems.some(({ error }) => error.retryable);
    offer(reading.listings);
    for (const row of due) {
      if (this.stopped) return;
      if (tryAgain && (rejected !== undefined || row.attempts + 1 < ATTEMPTS)) await this.tryAgain(row, reading);
      else await this.mark({ ...row, since }, setters, reading, scene);
    }
  }

  private begin(): Listing {
    const listing = new Listing(this.parts.seams.clock.now(), this.parts.listingRoom);
    this.listings.push(listing);
    return listing;
  }

  private async mark(row: SweepRow, setters: readonly Setter[], reading: Reading, scene: Scene): Promise<void> {
    const { db, lease: { account }, seams: { clock, ids, random }, pauses, onMarked } = this.parts;
    const asked = {
      account, tenant: row.tenant, setters: new Set(setters.map(({ tenant }) => tenant)), kinds: [...reading.listings.keys()], since: row.since ?? clock.now(),
      correlationId: ids.next(), pauses,
    };
    for (let cursor: string | undefined = row.cursor; cursor !== undefined && !this.stopped;) {
      const from: string = cursor;
      cursor = await whileOwned(this.parts, async (client) => {
        const now = clock.now();
        const current = await lockSweep(client, db, account, row.tenant);
        if (!current) throw new TargetLost();
        const page = await markBindings(client, db, { ...asked, now }, from);
        const compared = (from === '' ? 0 : current.compared) + page.marked;
        if (page.cursor !== undefined) await saveSweep(client, db, account, { ...current, since: asked.since, cursor: page.cursor, compared });
        else await this.finish(client, { ...current, compared, dueAt: nextSweepAt(row.schedule, now, random) }, asked, setters, reading, scene);
        return page.cursor;
      });
      onMarked();
    }
  }

  private async finish(
    client: PoolClient, row: SweepRow, { correlationId }: { readonly correlationId: string }, setters: readonly Setter[], reading: Reading, { instance }: Scene,
  ): Promise<void> {
    const { db, lease: { account } } = this.parts;
    const id = setters.find(({ tenant }) => tenant === row.tenant)?.id ?? row.tenant;
    await db.store.appendIn(client, [sweptAppend(db.provider, account, { id, instance, correlationId }, row, reading)]);
    await saveSweep(client, db, account, { ...row, since: null, cursor: '', compared: 0, attempts: 0, events: row.events + 1 });
  }

  /** No connection allows it to be looked at. */
  private async putOff(rows: readonly SweepRow[]): Promise<void> {
    const { db, lease: { account }, seams: { clock, random } } = this.parts;
    await whileOwned(this.parts, async (client) => {
      for (const row of rows) if (row.dueAt !== NEVER) await saveSweep(client, db, account, { ...row, dueAt: nextSweepAt(row.schedule, clock.now(), random) });
    });
  }

  private async tryAgain(row: SweepRow, { problems }: Reading): Promise<void> {
    const { db, lease: { account }, seams: { clock, random } } = this.parts;
    const wait = Math.max(...problems.map(({ error }) => retryDelay(DEFAULT_SYNC_CONFIG.retry, row.attempts, random, error.options.retryAfterMs)));
    const counts = problems.every(({ error }) => error.code !== 'AuthExpired');
    await whileOwned(this.parts, (client) => saveSweep(client, db, account, { ...row, dueAt: clock.now() + wait, attempts: row.attempts + (counts ? 1 : 0) }));
  }
}
