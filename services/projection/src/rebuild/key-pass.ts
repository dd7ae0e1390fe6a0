import type { LogPosition } from '@wami/contracts';
import type { ClientBase } from 'pg';
import { eventTimes } from '../ingest/event-times';
import { eventsBySeq, type EventRange, type Readable } from '../ingest/read-events';
import { MemoryRows } from '../model/memory-rows';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { physicalName, type AnyTable, type Table } from '../model/table';
import { addRows, insertRows } from '../model/write-rows';

const FIRST_PAGE = 5000;

/** The rows that came of one page. Each key is met once, so each row is made once; counters are sums of the page. */
export interface PageRows {
  readonly made: ReadonlyMap<AnyTable, readonly object[]>;
  readonly counted: MemoryRows;
}

/** Folds a model key by key: nothing is there before, and what all keys rest on is held in memory. */
export class KeyPass implements Rows {
  readonly resident: MemoryRows;
  private made = new Map<AnyTable, object[]>();
  private counted = new MemoryRows();
  private handled: readonly Ingested[] = [];
  private times: Map<LogPosition, string> | undefined;

  constructor(readonly model: ReadModel, private readonly db: Readable, private readonly schema: string) {
    this.resident = new MemoryRows((positions) => this.eventTimes(positions));
  }

  /** Folds the events that all others rest on. */
  async first(upto: number): Promise<void> {
    const { types } = this.keyed();
    const range: EventRange = { schema: this.schema, types: [...types], upto, size: FIRST_PAGE };
    for (let after = 0; ;) {
      const events = await eventsBySeq(this.db, range, after);
      if (events.length > 0) await this.model.apply(this.resident, events);
      if (events.length < FIRST_PAGE) return;
      after = events.at(-1)?.seq ?? upto;
    }
  }

  async fold(events: readonly Ingested[]): Promise<PageRows> {
    // Another model of the same page may ask for events that this one has folded first.
    const handled = events.filter(({ type }) => this.model.types.has(type) && !this.keyed().types.has(type));
    this.handled = handled;
    this.times = undefined;
    // eslint-disable-next-line prefer-spread -- `apply` is the read model's own fold, not Function.prototype.apply
    if (handled.length > 0) await this.model.apply(this, handled);
    const rows = { made: this.made, counted: this.counted };
    this.made = new Map();
    this.counted = new MemoryRows();
    return rows;
  }

  find<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<R[]> {
    return this.keyed().tables.has(table.name) ? this.resident.find(table, column, values) : Promise.resolve([]);
  }

  page<R extends object>(): Promise<R[]> {
    return Promise.resolve([]);
  }

  put<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    const made = this.made.get(table) ?? [];
    made.push(...rows);
    this.made.set(table, made);
    return Promise.resolve();
  }

  add<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    return this.counted.add(table, rows);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  async eventTimes(positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>> {
    const times = (this.times ??= new Map(this.handled.filter(({ source }) => source === 'identity').map(({ position, time }) => [position, time])));
    const missing = positions.filter((position) => !times.has(position));
    const found = missing.length > 0 ? await eventTimes(this.db as ClientBase, this.schema, missing) : new Map<string, string>();
    return new Map([...found, ...positions.flatMap((position) => {
      const time = times.get(position);
      return time === undefined ? [] : [[position, time] as const];
    })]);
  }

  private keyed(): { readonly types: ReadonlySet<string>; readonly tables: ReadonlySet<string> } {
    const { byKey } = this.model;
    return { types: byKey?.first ?? new Set(), tables: new Set(byKey?.resident.map(({ name }) => name)) };
  }
}

export async function writePage(client: ClientBase, schema: string, model: ReadModel, generation: number, { made, counted }: PageRows): Promise<void> {
  for (const table of model.tables) {
    const name = `${schema}.${physicalName(table, generation)}`;
    if (table.counter === undefined) await insertRows(client, name, table as Table<object>, made.get(table) ?? []);
    else await addRows(client, name, table as Table<object>, [...counted.all(table)]);
  }
}
