import type { TableVerdict } from '@wami/contracts';
import type { PersonalData } from '@wami/event-store';
import type { ClientBase, Pool } from 'pg';
import { eventsByKey, eventsBySeq, type EventRange } from '../ingest/read-events';
import type { WrittenModel } from '../ingest/apply-models';
import { MemoryRows } from '../model/memory-rows';
import type { ReadModel } from '../model/read-model';
import { isEmptyRow, physicalName, type AnyTable } from '../model/table';
import { DifferingParts } from './differing-parts';
import { Digest } from './digest';
import { replayedModels, writtenModels } from './generations';
import { KeyPass } from './key-pass';

const PAGE = 5000;

/**
 * Folds all events anew, in memory, and compares with the active tables, both as of one moment. Nothing is written and nobody waits.
 * Where they differ it folds once more, to name the rows. A model whose tables another release made is left out. `replayed`: the tables of the newest replay,
 * and the events up to its last.
 */
export async function verify(pool: Pool, schema: string, models: readonly ReadModel[], personal: PersonalData, replayed = false): Promise<readonly TableVerdict[]> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
    const { rows: [head] } = await client.query<{ seq: number }>(`SELECT seq FROM ${schema}.ingest`);
    const written = replayed ? await replayedModels(client, schema, models) : (await writtenModels(client, schema, models)).map((one) => ({ ...one, upto: head?.seq ?? 0 }));
    const verdicts: TableVerdict[] = [];
    for (const { upto, ...one } of written) verdicts.push(...await verifyModel(client, { schema, personal, upto }, one));
    await client.query('COMMIT');
    broken = false;
    return verdicts;
  } finally {
    client.release(broken);
  }
}

type Source = Pick<EventRange, 'schema' | 'personal' | 'upto'>;
/** Takes the rows of a table, each once. */
type Take = (table: AnyTable, row: object) => void;

async function verifyModel(client: ClientBase, source: Source, { model, generation }: WrittenModel): Promise<readonly TableVerdict[]> {
  const digests = (): Map<AnyTable, Digest> => new Map(model.tables.map((table) => [table, new Digest(table.key)]));
  const [expected, actual] = [digests(), digests()];
  await foldAll(client, source, model, (table, row) => expected.get(table)?.add(row));
  for (const table of model.tables) await readTable(client, source.schema, table, generation, (_, row) => actual.get(table)?.add(row));
  const parts = new Map(model.tables.map((table) => [table, new DifferingParts(table, expected.get(table)?.differingParts(actual.get(table) as Digest) ?? [])]));
  if ([...parts.values()].some(({ none }) => !none)) {
    await foldAll(client, source, model, (table, row) => parts.get(table)?.expect(row));
    for (const [table, part] of parts) if (!part.none) await readTable(client, source.schema, table, generation, (_, row) => part.found(row));
  }
  return model.tables.map((table) => verdict(model, table, expected.get(table) as Digest, actual.get(table) as Digest, parts.get(table)?.rows() ?? []));
}

function verdict(model: ReadModel, table: AnyTable, fold: Digest, stands: Digest, rows: TableVerdict['rows']): TableVerdict {
  const [expected, actual] = [fold.checksum(), stands.checksum()];
  return { model: model.name, table: table.name, expected, actual, equal: expected.rows === actual.rows && expected.sum === actual.sum, rows };
}

function takeAll(take: Take, table: AnyTable, rows: Iterable<object>): void {
  for (const row of rows) if (!isEmptyRow(table, row)) take(table, row);
}

function foldAll(client: ClientBase, source: Source, model: ReadModel, take: Take): Promise<void> {
  return model.byKey ? foldByKey(client, source, model, take) : foldInOrder(client, source, model, take);
}

async function foldByKey(client: ClientBase, { schema, personal, upto }: Source, model: ReadModel, take: Take): Promise<void> {
  const pass = new KeyPass(model, client, schema, personal);
  await pass.first(upto);
  for (const table of model.byKey?.resident ?? []) takeAll(take, table, pass.resident.all(table));
  const counters = new MemoryRows();
  const types = [...model.types].filter((type) => !model.byKey?.first.has(type));
  for await (const { events } of eventsByKey(client, { schema, personal, types, upto, size: PAGE }, '')) {
    const { made, counted } = await pass.fold(events);
    for (const [table, rows] of made) takeAll(take, table, rows);
    for (const table of model.tables) if (table.counter !== undefined) await counters.add(table as never, [...counted.all(table)] as never);
  }
  for (const table of model.tables) takeAll(take, table, counters.all(table));
}

async function foldInOrder(client: ClientBase, { schema, personal, upto }: Source, model: ReadModel, take: Take): Promise<void> {
  const rows = new MemoryRows();
  const range = { schema, personal, types: [...model.types], upto, size: PAGE };
  for (let after = 0; ;) {
    const events = await eventsBySeq(client, range, after);
    if (events.length > 0) await model.apply(rows, events);
    if (events.length < PAGE) break;
    after = events.at(-1)?.seq ?? upto;
  }
  for (const table of model.tables) takeAll(take, table, rows.all(table));
}

async function readTable(client: ClientBase, schema: string, table: AnyTable, generation: number, take: Take): Promise<void> {
  await client.query(`DECLARE verified NO SCROLL CURSOR FOR SELECT ${Object.keys(table.columns).join(', ')} FROM ${schema}.${physicalName(table, generation)}`);
  for (;;) {
    const { rows } = await client.query<Record<string, unknown>>(`FETCH ${PAGE} FROM verified`);
    takeAll(take, table, rows);
    if (rows.length < PAGE) break;
  }
  await client.query('CLOSE verified');
}
