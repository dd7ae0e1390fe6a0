import { openTable } from '@wami/event-store';
import { StartupError } from '@wami/platform';
import type { ClientBase } from 'pg';
import type { WrittenModel } from '../ingest/apply-models';
import type { ReadModel } from '../model/read-model';
import { createIndexesSql, createTableSql, physicalName, secureTableSql } from '../model/table';

export interface Generation {
  readonly model: string;
  readonly generation: number;
  readonly version: number;
  readonly status: 'building' | 'active' | 'retired' | 'replayed';
  /** Every event up to this number is in it; null where it is the active one and kept current by the projector. */
  readonly applied: number | null;
}

export async function allGenerations(client: ClientBase, schema: string): Promise<readonly Generation[]> {
  const { rows } = await client.query<Generation>(`SELECT model, generation, version, status, applied FROM ${schema}.generations ORDER BY model, generation`);
  return rows;
}

/** Tables that this release would spoil: it would leave out what the newer fold makes of the events that it takes in. */
export class MadeByNewerRelease extends StartupError {
  readonly code = 'MadeByNewerRelease';
}

/**
 * What the projector keeps current: active generations that were made by this release's fold and lack no event.
 * @throws MadeByNewerRelease
 */
export async function writtenModels(client: ClientBase, schema: string, models: readonly ReadModel[]): Promise<readonly WrittenModel[]> {
  const active = (await allGenerations(client, schema)).filter(({ status }) => status === 'active');
  refuseNewer(active, models);
  return models.flatMap((model) => {
    const found = active.find((one) => one.model === model.name && one.version === model.version && one.applied === null);
    return found ? [{ model, generation: found.generation }] : [];
  });
}

function refuseNewer(active: readonly Generation[], models: readonly ReadModel[]): void {
  const newer = models.filter(({ name, version }) => active.some((one) => one.model === name && one.version > version)).map(({ name }) => name);
  if (newer.length > 0) throw new MadeByNewerRelease(`the read models ${newer.join(', ')} were made by a newer release: install that release`);
}

export async function createGeneration(client: ClientBase, schema: string, model: ReadModel, generation: number, indexed: boolean): Promise<void> {
  for (const table of model.tables) {
    await client.query(createTableSql(schema, table, generation));
    if (indexed || table.counter !== undefined) for (const sql of createIndexesSql(schema, table, generation)) await client.query(sql);
  }
  for (const table of model.tables) await client.query(secureTableSql(schema, table, generation));
}

export async function dropGeneration(client: ClientBase, schema: string, model: ReadModel, generation: number): Promise<void> {
  for (const table of model.tables) await client.query(`DROP TABLE IF EXISTS ${schema}.${physicalName(table, generation)} CASCADE`);
  await client.query(`DELETE FROM ${schema}.generations WHERE model = $1 AND generation = $2`, [model.name, generation]);
}

/** Tables that the projection makes anew where they are missing: read models and the record of their generations. A backup does without. */
export const isMadeByRebuild = (table: string): boolean => table === 'generations' || table === 'rebuilds' || /_g\d+$/.test(table);

/** What was replayed last of each model, with the number of the last event in it. */
export async function replayedModels(client: ClientBase, schema: string, models: readonly ReadModel[]): Promise<readonly (WrittenModel & { readonly upto: number })[]> {
  const kept = (await allGenerations(client, schema)).filter(({ status }) => status === 'replayed');
  return models.flatMap((model) => {
    const found = kept.find((one) => one.model === model.name && one.version === model.version);
    return found ? [{ model, generation: found.generation, upto: found.applied ?? 0 }] : [];
  });
}

/** A generation of another release may lack a table that this one's has. */
export async function isThere(client: ClientBase, name: string): Promise<boolean> {
  const { rows: [found] } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  return found?.there ?? false;
}

/** Queries read views of the tables' bare names: they are what a swap moves. */
export async function pointViews(client: ClientBase, schema: string, model: ReadModel, generation: number): Promise<void> {
  for (const table of model.tables) {
    await client.query(`DROP VIEW IF EXISTS ${schema}.${table.name}`);
    if (!(await isThere(client, `${schema}.${physicalName(table, generation)}`))) continue;
    await client.query(`CREATE VIEW ${schema}.${table.name} WITH (security_invoker = true) AS SELECT * FROM ${schema}.${physicalName(table, generation)}; ${openTable(`${schema}.${table.name}`)}`);
  }
}

/**
 * Makes first generations where a model is new, and freezes active ones of an older version. The models that need a rebuild come back:
 * those that are frozen, and new ones where events were taken in before.
 * @throws MadeByNewerRelease
 */
export async function prepareGenerations(client: ClientBase, schema: string, models: readonly ReadModel[], seq: number): Promise<readonly ReadModel[]> {
  const known = await allGenerations(client, schema);
  refuseNewer(known.filter(({ status }) => status === 'active'), models);
  const stale: ReadModel[] = [];
  for (const model of models) {
    for (const old of known.filter((one) => one.model === model.name && one.status === 'replayed' && one.version !== model.version)) await dropGeneration(client, schema, model, old.generation);
    const active = known.find((one) => one.model === model.name && one.status === 'active');
    if (!active) {
      const version = seq === 0 ? model.version : model.version - 1;
      await createGeneration(client, schema, model, 1, true);
      await client.query(`INSERT INTO ${schema}.generations (model, generation, version, status, applied) VALUES ($1, 1, $2, 'active', $3)`,
        [model.name, version, seq === 0 ? null : 0]);
      await pointViews(client, schema, model, 1);
    } else if (active.version < model.version) {
      await client.query(`UPDATE ${schema}.generations SET applied = coalesce(applied, $3) WHERE model = $1 AND generation = $2`, [model.name, active.generation, seq]);
    }
    // Frozen by a newer release that was taken back before its rebuild was done: this one has missed events too.
    if (active ? active.version < model.version || active.applied !== null : seq > 0) stale.push(model);
  }
  return stale;
}
