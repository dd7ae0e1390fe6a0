import { together } from '@wami/event-store';
import type { ClientBase } from 'pg';
import { BatchedRows } from '../model/batched-rows';
import { DatabaseRows } from '../model/database-rows';
import type { Ingested, ReadModel } from '../model/read-model';

/** A read model and the generation of its tables that is written. */
export interface WrittenModel {
  readonly model: ReadModel;
  readonly generation: number;
}

/** Folds the events and writes what changed; `along` is sent with it. Nothing is written before all was looked up. */
export async function applyModels(
  client: ClientBase, schema: string, models: readonly WrittenModel[], events: readonly Ingested[], along: () => readonly Promise<unknown>[] = () => [],
): Promise<void> {
  const folds = models.map(({ model, generation }) => ({ model, rows: new BatchedRows(new DatabaseRows(client, schema, generation), events) }));
  await together(folds.map(async ({ model, rows }) => {
    const handled = events.filter(({ type }) => model.types.has(type));
    if (handled.length > 0) await model.apply(rows, handled);
  }));
  await together([...along(), ...folds.flatMap(({ rows }) => rows.write())]);
}
