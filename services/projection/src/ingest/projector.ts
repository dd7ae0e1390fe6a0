import type { DeadLettersTried, RecordedEvent, WamiEvent } from '@wami/contracts';
import type { EventBatch } from '@wami/event-log';
import { Failing, loggedOf, singleOut, StalePosition } from '@wami/event-log';
import { inTransaction, together, type PersonalData } from '@wami/event-store';
import { describeError, type Logger } from '@wami/platform';
import type { Pool, PoolClient } from 'pg';
import { eraseCopies } from '../erasure/erase-copies';
import type { ReadModel } from '../model/read-model';
import { writtenModels } from '../rebuild/generations';
import { compareStated } from '../repairs/compare-stated';
import { applyModels } from './apply-models';
import { insertEvents, lockIngest, numberEvents } from './insert-events';
import { openPage, type OpenedPage } from './opening';
import { keepParked, Parking } from './parking';

const PARKED_PAGE = 1000;

export interface ProjectorParts {
  readonly pool: Pool;
  readonly schema: string;
  readonly models: readonly ReadModel[];
  readonly personal: PersonalData;
  readonly logger: Logger;
  /** After each commit, with the number of the newest event. */
  readonly onCommit: (seq: number) => void;
}

/** Events of one source and key: they stay in order. */
export type Line = Pick<RecordedEvent, 'source' | 'key'>;

interface RetriedPage {
  readonly tried: number;
  /** Number of the last one; undefined where there was none. */
  readonly last?: number | undefined;
  /** Of the newest event. */
  readonly seq?: number;
}

/** Takes batches of the log in: events, read models and position in one transaction. */
export class Projector {
  private readonly failing = new Failing();

  constructor(private readonly parts: ProjectorParts) {}

  /** @throws where nothing was written; the same batch must come again. */
  async take(batch: EventBatch): Promise<void> {
    try {
      const careful = this.failing.isSpoilt(batch.events);
      const opened = await openPage(this.parts.personal, batch.events);
      const seq = await inTransaction(this.parts.pool, (client) => this.write(client, batch, opened, careful));
      this.failing.passed();
      this.parts.onCommit(seq);
    } catch (error) {
      this.failing.failed(batch.events, error);
      if (!(error instanceof StalePosition)) this.parts.logger.warn({ ...describeError(error), events: batch.events.length }, 'a batch failed and comes again');
      throw error;
    }
  }

  /**
   * Tries again what is parked, or one line of it: this release, or the database by now, may take what was refused. What still cannot be folded stays,
   * and what waits behind it. @throws KeysUnavailable: what is left comes to be tried later
   */
  async retryParked(line?: Line): Promise<DeadLettersTried> {
    const parking = Parking.afresh();
    let tried = 0;
    for (let after: number | undefined = 0; after !== undefined;) {
      const from: number = after;
      const page: RetriedPage = await inTransaction(this.parts.pool, (client) => this.retryPage(client, parking, from, line));
      if (page.seq !== undefined) this.parts.onCommit(page.seq);
      tried += page.tried;
      after = page.last;
    }
    return { takenIn: tried - parking.parked.length, parked: parking.parked.length };
  }

  /** Leaves one out for good; what waits behind it is to be tried next. */
  async skipParked(id: string, { by, reason }: { readonly by: string; readonly reason: string }): Promise<void> {
    const { pool, schema, logger } = this.parts;
    await inTransaction(pool, async (client) => {
      await lockIngest(client, schema);
      await client.query(`UPDATE ${schema}.parked SET skipped_at = now(), skipped_by = $2, skip_reason = $3 WHERE id = $1 AND skipped_at IS NULL`, [id, by, reason]);
    });
    logger.warn({ event: id, by, reason }, 'a parked event was skipped');
  }

  private async retryPage(client: PoolClient, parking: Parking, after: number, line: Line | undefined): Promise<RetriedPage> {
    const { schema, models } = this.parts;
    const last = await lockIngest(client, schema);
    const { rows } = await client.query<{ number: number; event: RecordedEvent }>(
      `SELECT number, event FROM ${schema}.parked WHERE number > $1 AND skipped_at IS NULL AND ($2::text IS NULL OR (source, key) = ($2, $3)) ORDER BY number LIMIT ${PARKED_PAGE}`,
      [after, line?.source ?? null, line?.key ?? null]);
    if (rows.length === 0) return { tried: 0 };
    const written = await writtenModels(client, schema, models);
    const opened = await openPage(this.parts.personal, rows.map(({ event }) => event));
    const before = parking.parked.length;
    const seq = await this.foldInParts(client, written, opened, opened.events, parking, last);
    const left = parking.parked.slice(before);
    await keepParked(client, schema, rows, left);
    return { tried: rows.length, last: rows.at(-1)?.number, seq };
  }

  private async write(client: PoolClient, batch: EventBatch, opened: OpenedPage, careful: boolean): Promise<number> {
    const { schema, models } = this.parts;
    const [last, { parking, fresh }, written] = await together([
      lockIngest(client, schema), Parking.open(client, schema, opened.events), writtenModels(client, schema, models),
    ]);
    const known = parking.sift(fresh);
    const seq = careful
      ? await this.foldInParts(client, written, opened, known, parking, last)
      : await this.fold(client, written, opened, known, last, () => batch.savePosition(client));
    await parking.save(client, schema, opened);
    await eraseCopies(client, schema, models, fresh);
    if (careful || known.length === 0) await batch.savePosition(client);
    for (const one of parking.parked) this.parts.logger.error(loggedOf(one), 'an event was parked');
    return seq;
  }

  private async fold(
    client: PoolClient, written: Awaited<ReturnType<typeof writtenModels>>, opened: OpenedPage, events: readonly WamiEvent[], last: number,
    savePosition?: () => Promise<void>,
  ): Promise<number> {
    if (events.length === 0) return last;
    const numbered = numberEvents(events, last);
    const atRest = await Promise.all(events.map((event) => opened.atRest(event)));
    await applyModels(client, this.parts.schema, written, numbered, () => [
      insertEvents(client, this.parts.schema, numbered, atRest), ...(savePosition ? [savePosition()] : []),
    ]);
    await compareStated(client, { schema: this.parts.schema, personal: this.parts.personal, written }, numbered);
    return last + events.length;
  }

  private async foldInParts(client: PoolClient, written: Awaited<ReturnType<typeof writtenModels>>, opened: OpenedPage, events: readonly RecordedEvent[], parking: Parking, last: number): Promise<number> {
    let seq = last;
    await singleOut(client, parking, events, async (part) => {
      seq = await this.fold(client, written, opened, part, seq);
    });
    return seq;
  }
}
