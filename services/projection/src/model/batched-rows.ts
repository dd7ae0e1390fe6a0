import { together } from '@wami/event-store';
import type { LogPosition } from '@wami/contracts';
import type { Ingested } from './read-model';
import type { Rows } from './rows';
import type { Table } from './table';

/**
 * Rows whose changes are kept back until `write`: a transaction that has not written yet holds up no reader of the log, and all of it goes to the
 * server at once. Who looks into a table that was changed sees the changes: they are written first.
 */
export class BatchedRows implements Rows {
  private kept: { readonly table: string; readonly write: () => Promise<void> }[] = [];
  private readonly times: ReadonlyMap<LogPosition, string>;

  /** `events` are being taken in: they may not be stored yet. */
  constructor(private readonly rows: Rows, events: readonly Ingested[]) {
    this.times = new Map(events.filter(({ source }) => source === 'identity').map(({ position, time }) => [position, time]));
  }

  async find<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<R[]> {
    await this.writeIfChanged(table.name);
    return this.rows.find(table, column, values);
  }

  async page<R extends object>(table: Table<R>, column: keyof R & string, value: string, after: string, limit: number): Promise<R[]> {
    await this.writeIfChanged(table.name);
    return this.rows.page(table, column, value, after, limit);
  }

  put<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    return this.keep(table.name, rows, () => this.rows.put(table, rows));
  }

  add<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    return this.keep(table.name, rows, () => this.rows.add(table, rows));
  }

  remove<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<void> {
    return this.keep(table.name, values, () => this.rows.remove(table, column, values));
  }

  async eventTimes(positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>> {
    const stored = await this.rows.eventTimes(positions.filter((position) => !this.times.has(position)));
    return new Map([...this.times, ...stored]);
  }

  /** Sends what was kept back, in order; to be waited for with `together`. */
  write(): readonly Promise<void>[] {
    const kept = this.kept;
    this.kept = [];
    return kept.map(({ write }) => write());
  }

  private keep(table: string, rows: readonly unknown[], write: () => Promise<void>): Promise<void> {
    if (rows.length > 0) this.kept.push({ table, write });
    return Promise.resolve();
  }

  private async writeIfChanged(table: string): Promise<void> {
    if (this.kept.some((one) => one.table === table)) await together(this.write());
  }
}
