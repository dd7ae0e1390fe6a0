import { prepared } from '@wami/event-store';
import type { LogPosition } from '@wami/contracts';
import type { ClientBase } from 'pg';
import { eventTimes } from '../ingest/event-times';
import type { Rows } from './rows';
import { physicalName, type Table } from './table';
import { addRows, upsertRows } from './write-rows';

/** Rows of one generation of a model, inside the caller's transaction. */
export class DatabaseRows implements Rows {
  constructor(private readonly client: ClientBase, private readonly schema: string, private readonly generation: number) {}

  async find<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<R[]> {
    if (values.length === 0) return [];
    const { rows } = await this.client.query<R>(prepared(`SELECT * FROM ${this.nameOf(table)} WHERE ${column} = ANY($1::text[])`, [values]));
    return rows;
  }

  async page<R extends object>(table: Table<R>, column: keyof R & string, value: string, after: string, limit: number): Promise<R[]> {
    const order = table.key[0];
    const { rows } = await this.client.query<R>(
      `SELECT * FROM ${this.nameOf(table)} WHERE ${column} = $1 AND ${order} > $2 ORDER BY ${order} LIMIT $3`, [value, after, limit]);
    return rows;
  }

  put<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    return upsertRows(this.client, this.nameOf(table), table, rows);
  }

  add<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    return addRows(this.client, this.nameOf(table), table, rows);
  }

  async remove<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<void> {
    if (values.length > 0) await this.client.query(`DELETE FROM ${this.nameOf(table)} WHERE ${column} = ANY($1::text[])`, [values]);
  }

  eventTimes(positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>> {
    return eventTimes(this.client, this.schema, positions);
  }

  private nameOf<R extends object>(table: Table<R>): string {
    return `${this.schema}.${physicalName(table, this.generation)}`;
  }
}
