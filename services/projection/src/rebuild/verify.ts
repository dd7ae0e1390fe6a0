import type { ClientBase, Pool } from 'pg';
import { eventsByKey, eventsBySeq } from '../ingest/read-events';
import { MemoryRows } from '../model/memory-rows';
import type { ReadModel } from '../model/read-model';
import { isEmptyRow, physicalName, type AnyTable } from '../model/table';
import { Digest, type Checksum } from './digest';
import { writtenModels } from './generations';
import { KeyPass } from './key-pass';

export interface TableVerdict {
  readonly model: string;
  readonly table: string;
  /** Of a fold of all events in memory. */
  readonly expected: Checksum;
  /** Of what stands in the table. */
  readonly actual: Checksum;
  readonly equal: boolean;
}

const PAGE = 5000;

/**
 * Folds all events anew, in memory, and compares with the active tables, both as of one moment. Nothing is written and nobody waits.
 * A model whose tables another release made is left out.
 */
export async function verify(pool: Pool, schema: string, models: readonly ReadModel[]): Promise<readonly TableVerdict[]> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
    const { rows: [head] } = await client.query<{ seq: number }>(`SELECT seq FROM ${schema}.ingest`);
    const verdicts: TableVerdict[] = [];
    for (const { model, generation } of await writtenModels(client, schema, models)) {
      const expected = model.byKey ? await foldByKey(client, schema, model, head?.seq ?? 0) : await foldInOrder(client, schema, model, head?.seq ?? 0);
      for (const table of model.tables) verdicts.push(verdict(model, table, expected.get(table), await digestTable(client, schema, table, generation)));
    }
    await client.query('COMMIT');
    broken = false;
    return verdicts;
  } finally {
    client.release(broken);
  }
}

function verdict(model: ReadModel, table: AnyTable, fold: Digest | undefined, found: Digest): TableVerdict {
  const [expected, actual] = [(fold ?? new Digest()).checksum(), found.checksum()];
  return { model: model.name, table: table.name, expected, actual, equal: expected.rows === actual.rows && expected.sum === actual.sum };
}

type Digests = ReadonlyMap<AnyTable, Digest>;

function addAll(digests: Digests, table: AnyTable, rows: Iterable<object>): void {
  for (const row of rows) if (!isEmptyRow(table, row)) digests.get(table)?.add(row);
}

async function foldByKey(client: ClientBase, schema: string, model: ReadModel, upto: number): Promise<Digests> {
  const digests = new Map(model.tables.map((table) => [table, new Digest()]));
  const pass = new KeyPass(model, client, schema);
  await pass.first(upto);
  for (const table of model.byKey?.resident ?? []) addAll(digests, table, pass.resident.all(table));
  const counters = new MemoryRows();
  const types = [...model.types].filter((type) => !model.byKey?.first.has(type));
  for await (const { events } of eventsByKey(client, { schema, types, upto, size: PAGE }, '')) {
    const { made, counted } = await pass.fold(events);
    for (const [table, rows] of made) addAll(digests, table, rows);
    for (const table of model.tables) if (table.counter !== undefined) await counters.add(table as never, [...counted.all(table)] as never);
  }
  for (const table of model.tables) addAll(digests, table, counters.all(table));
  return digests;
}

async function foldInOrder(client: ClientBase, schema: string, model: ReadModel, upto: number): Promise<Digests> {
  const rows = new MemoryRows();
  const range = { schema, types: [...model.types], upto, size: PAGE };
  for (let after = 0; ;) {
    const events = await eventsBySeq(client, range, after);
    if (events.length > 0) await model.apply(rows, events);
    if (events.length < PAGE) break;
    after = events.at(-1)?.seq ?? upto;
  }
  const digests = new Map(model.tables.map((table) => [table, new Digest()]));
  for (const table of model.tables) addAll(digests, table, rows.all(table));
  return digests;
}

async function digestTable(client: ClientBase, schema: string, table: AnyTable, generation: number): Promise<Digest> {
  const digests = new Map([[table, new Digest()]]);
  await client.query(`DECLARE verified NO SCROLL CURSOR FOR SELECT ${Object.keys(table.columns).join(', ')} FROM ${schema}.${physicalName(table, generation)}`);
  for (;;) {
    const { rows } = await client.query<Record<string, unknown>>(`FETCH ${PAGE} FROM verified`);
    addAll(digests, table, rows);
    if (rows.length < PAGE) break;
  }
  await client.query('CLOSE verified');
  return digests.get(table) ?? new Digest();
}
