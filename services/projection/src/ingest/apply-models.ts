import { together } from '@wami/event-store';
import type { ClientBase } from 'pg';
import { DatabaseRows } from '../model/database-rows';
import type { Ingested, ReadModel } from '../model/read-model';

/** A read model and the generation of its tables that is written. */
export interface WrittenModel {
  readonly model: ReadModel;
  readonly generation: number;
}

export async function applyModels(client: ClientBase, schema: string, models: readonly WrittenModel[], events: readonly Ingested[]): Promise<void> {
  await together(models.map(async ({ model, generation }) => {
    const handled = events.filter(({ type }) => model.types.has(type));
    if (handled.length > 0) await model.apply(new DatabaseRows(client, schema, generation), handled);
  }));
}
