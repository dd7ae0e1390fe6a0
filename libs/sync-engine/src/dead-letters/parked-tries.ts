import { parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { BEHIND, lineOf, Sieve, type EventLog, type Parked } from '@wami/event-log';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { bothFolded, foldInParts, NOTHING_FOLDED, type Folded } from '../fold/fold-events';
import { lockFold } from '../fold/fold-lock';
import type { PauseBook } from '../pauses/pause-book';
import { tell, type Letter } from './report';
import type { Lines } from './requests';

const PAGE = 500;
const NOT_WHOLE = 'an earlier release parked it without what is personal: skip it, and `wami sync repair` puts the resource right';

interface Row {
  readonly number: number;
  readonly event: RecordedEvent;
  readonly whole: boolean;
  readonly attempts: number;
  readonly told: boolean;
}

export interface ParkedTriesParts {
  readonly db: EngineDatabase;
  readonly pauses: PauseBook;
  readonly log: Pick<EventLog, 'opened'>;
  readonly now: () => number;
}

/** Tries again what is parked: this release, or the database by now, may take what was refused. */
export class ParkedTries {
  private due: Lines = new Set();

  constructor(private readonly parts: ParkedTriesParts) {}

  get isDue(): boolean {
    return this.due === 'all' || this.due.size > 0;
  }

  ask(lines: Lines): void {
    this.due = lines === 'all' || this.due === 'all' ? 'all' : new Set([...this.due, ...lines]);
  }

  /** Each line in its order, page by page; what still cannot be folded stays, with what waits behind it. @throws where it is to be tried once more */
  async next(): Promise<Folded> {
    const lines = this.due;
    this.due = new Set();
    let folded = NOTHING_FOLDED;
    const closed = new Set<string>();
    try {
      for (let after = 0, rows = await this.page(lines, after); rows.length > 0; rows = await this.page(lines, after)) {
        folded = bothFolded(folded, await this.tryPage(rows, closed));
        after = rows.at(-1)?.number ?? after;
      }
    } catch (error) {
      this.ask(lines);
      throw error;
    }
    return folded;
  }

  private async page(lines: Lines, after: number): Promise<Row[]> {
    const { db } = this.parts;
    const { rows } = await db.pool.query<Row>(`SELECT number, event, whole, attempts, told FROM ${db.table('parked')}
      WHERE number > $1 AND skipped_at IS NULL AND ($2::text[] IS NULL OR key = ANY($2)) ORDER BY number LIMIT ${PAGE}`, [after, lines === 'all' ? null : [...lines]]);
    return rows;
  }

  private async tryPage(rows: readonly Row[], closed: Set<string>): Promise<Folded> {
    const { db, pauses, log } = this.parts;
    const opened = await log.opened(rows.map(({ event }) => event));
    let committed = false;
    try {
      const [done, parked] = await db.transaction((client) => this.inTransaction(client, rows, opened, closed));
      committed = true;
      for (const { event } of parked) closed.add(lineOf(event));
      return done;
    } finally {
      pauses.folded(committed);
    }
  }

  private async inTransaction(client: PoolClient, rows: readonly Row[], opened: readonly RecordedEvent[], closed: ReadonlySet<string>): Promise<[Folded, readonly Parked[]]> {
    const { db, pauses, now } = this.parts;
    await lockFold(client, db.schema);
    const { rows: left } = await client.query<{ id: string }>(`SELECT id FROM ${db.table('parked')} WHERE id = ANY($1) AND skipped_at IS NULL`, [rows.map(({ event }) => event.id)]);
    const still = new Set(left.map(({ id }) => id));
    const tried = rows.filter(({ event }) => still.has(event.id));
    const whole = new Set(tried.filter((row) => row.whole).map(({ event }) => event.id));
    const sieve = new Sieve((event) => parseWamiEvent(event), closed);
    for (const { event } of tried) if (!whole.has(event.id) && sieve.isOpen(event)) sieve.park(event, NOT_WHOLE);
    const folded = await foldInParts(client, db, pauses, now, sieve, opened.filter(({ id }) => whole.has(id)));
    await this.keep(client, tried, sieve.parked);
    return [folded, sieve.parked];
  }

  /** What was taken in is parked no more; of what is left, what was tried itself says why now. */
  private async keep(client: PoolClient, tried: readonly Row[], parked: readonly Parked[]): Promise<void> {
    const { db } = this.parts;
    const reasons = new Map(parked.map(({ event, reason }) => [event.id, reason]));
    const letters = tried.flatMap(({ event, attempts, told }): Letter[] => {
      const reason = reasons.get(event.id);
      if (reason === undefined) return [{ event, state: 'taken-in', reason: '', attempts: attempts + 1 }];
      return reason === BEHIND && told ? [] : [{ event, state: 'parked', reason, attempts: reason === BEHIND ? attempts : attempts + 1 }];
    });
    await client.query(`DELETE FROM ${db.table('parked')} WHERE id = ANY($1)`, [letters.filter(({ state }) => state === 'taken-in').map(({ event }) => event.id)]);
    await client.query(`UPDATE ${db.table('parked')} p SET problem = r.reason, attempts = r.attempts, told = true FROM jsonb_to_recordset($1::jsonb) AS r (id text, reason text, attempts integer) WHERE p.id = r.id`,
      [JSON.stringify(letters.filter(({ state }) => state === 'parked').map(({ event, reason, attempts }) => ({ id: event.id, reason, attempts })))]);
    await tell(client, db, letters);
  }
}
