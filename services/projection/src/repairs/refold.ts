import type { LogPosition } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import { MemoryRows } from '../model/memory-rows';
import type { Rows } from '../model/rows';
import type { AnyTable, Table } from '../model/table';

/** The rows that a model's fold makes of all events of some keys. What all keys rest on is read as it stands; counters are left out. */
export async function refold(model: ReadModel, standing: Rows, events: readonly Ingested[]): Promise<MemoryRows> {
  const rows = new Refold(new Set(model.byKey?.resident.map(({ name }) => name)), standing);
  const handled = events.filter(({ type }) => model.types.has(type) && !model.byKey?.first.has(type));
  if (handled.length > 0) await model.apply(rows, handled);
  return rows.made;
}

class Refold implements Rows {
  readonly made = new MemoryRows();

  constructor(private readonly resident: ReadonlySet<string>, private readonly standing: Rows) {}

  find<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<R[]> {
    return this.rowsOf(table).find(table, column, values);
  }

  page<R extends object>(table: Table<R>, column: keyof R & string, value: string, after: string, limit: number): Promise<R[]> {
    return this.rowsOf(table).page(table, column, value, after, limit);
  }

  put<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    return this.resident.has(table.name) ? Promise.resolve() : this.made.put(table, rows);
  }

  add(): Promise<void> {
    return Promise.resolve();
  }

  remove<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<void> {
    return this.made.remove(table, column, values);
  }

  eventTimes(positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>> {
    return this.standing.eventTimes(positions);
  }

  private rowsOf(table: Pick<AnyTable, 'name'>): Rows {
    return this.resident.has(table.name) ? this.standing : this.made;
  }
}
