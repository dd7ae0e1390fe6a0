import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_EVENTS } from '@wami/contracts';
import { inTransaction, type PersonalData } from '@wami/event-store';
import { DatabaseError, type ClientBase, type Pool, type QueryConfig } from 'pg';
import { applyModels } from '../ingest/apply-models';
import { lockIngest } from '../ingest/insert-events';
import { eventsByKey, eventsBySeq, unknownTypes } from '../ingest/read-events';
import type { ReadModel } from '../model/read-model';
import { createIndexesSql, physicalName } from '../model/table';
import { allGenerations, createGeneration, dropGeneration, pointViews } from './generations';
import { KeyPass, writePage, type PageRows } from './key-pass';
import { moveRebuild, type RebuildJob, type RebuildVerb } from './rebuild-jobs';

const INDEX_MS = 600_000;
/** A swap waits for queries that are under way, and those that come then wait for it: so briefly, and then it tries again. */
const SWAP_LOCK_MS = 300;
const SWAP_TRIES = 50;
const LOCK_NOT_AVAILABLE = '55P03';

export interface BuildContext {
  readonly pool: Pool;
  readonly schema: string;
  readonly job: string;
  readonly verb: RebuildVerb;
  readonly models: readonly ReadModel[];
  readonly personal: PersonalData;
  readonly signal: AbortSignal;
  /** Events read and written at a time. */
  readonly page: number;
}

/** The job was told to stop; what was done is kept and it goes on from there. */
export class Interrupted extends Error {}

const checkGoingOn = (signal: AbortSignal): void => {
  if (signal.aborted) throw new Interrupted('the rebuild was interrupted');
};

/** The generation that is to be swapped in. One of another version is not written: this release does not know its fold. */
async function buildingOf(db: Pick<ClientBase, 'query'>, schema: string, model: ReadModel): Promise<{ generation: number; applied: number; foreign: boolean }> {
  const found = (await allGenerations(db as ClientBase, schema)).find((one) => one.model === model.name && one.status === 'building');
  if (!found) throw new Error(`no generation of ${model.name} is being built`);
  return { generation: found.generation, applied: found.applied ?? 0, foreign: found.version !== model.version };
}

/** Makes the new tables and writes what all keys rest on. What an earlier try left is dropped. */
export async function begin({ pool, schema, job, verb, models }: BuildContext, asked: RebuildJob): Promise<void> {
  const unknown = await unknownTypes(pool, schema, new Set(ALL_EVENTS.map(({ type }) => type)));
  if (unknown.length > 0) throw new Error(`this release does not know events of type ${unknown.join(', ')}: install one that does`);
  await inTransaction(pool, async (client) => {
    const head = await lockIngest(client, schema);
    const upto = verb === 'replay' ? Math.min(asked.upto, head) : head;
    const known = await allGenerations(client, schema);
    for (const model of models) {
      const own = known.filter((one) => one.model === model.name);
      for (const left of own.filter(({ status }) => status === 'building')) await dropGeneration(client, schema, model, left.generation);
      const generation = Math.max(0, ...own.map((one) => one.generation)) + 1;
      await createGeneration(client, schema, model, generation, !model.byKey);
      await client.query(`INSERT INTO ${schema}.generations (model, generation, version, status, applied) VALUES ($1, $2, $3, 'building', 0)`,
        [model.name, generation, model.version]);
    }
    // Numbers have gaps where the instance was restored.
    const { rows: [events] } = await client.query<{ count: number }>(`SELECT count(*) FROM ${schema}.events WHERE seq <= $1`, [upto]);
    await moveRebuild(client, schema, job, { phase: 'first', upto, total: Number(events?.count ?? 0) });
  });
}

export async function writeFirst(context: BuildContext, { upto }: RebuildJob): Promise<void> {
  const { pool, schema, job } = context;
  const passes = await passesOf(context, upto);
  await inTransaction(pool, async (client) => {
    for (const pass of passes) {
      const { generation } = await buildingOf(client, schema, pass.model);
      const made = new Map((pass.model.byKey?.resident ?? []).map((table) => [table, [...pass.resident.all(table)]]));
      await writePage(client, schema, pass.model, generation, { made, counted: pass.resident });
    }
    await moveRebuild(client, schema, job, { phase: 'keys' });
  });
}

async function passesOf({ pool, schema, models, personal }: BuildContext, upto: number): Promise<readonly KeyPass[]> {
  const passes = models.filter(({ byKey }) => byKey).map((model) => new KeyPass(model, pool, schema, personal));
  for (const pass of passes) await pass.first(upto);
  return passes;
}

/** Writes every key once; each page and the place where it ends are one transaction. */
export async function writeKeys(context: BuildContext, { upto, cursor_key }: RebuildJob): Promise<void> {
  const { pool, schema, personal, job, signal, page } = context;
  const passes = await passesOf(context, upto);
  const generations = new Map<string, number>();
  for (const { model } of passes) generations.set(model.name, (await buildingOf(pool as unknown as ClientBase, schema, model)).generation);
  const types = [...new Set(passes.flatMap(({ model }) => [...model.types].filter((type) => !model.byKey?.first.has(type))))];
  // Written while the next page is folded; one at a time, so that the place where it ends never runs ahead.
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const { events, lastKey } of passes.length > 0 ? eventsByKey(pool, { schema, personal, types, upto, size: page }, cursor_key) : []) {
      checkGoingOn(signal);
      const pages: { readonly model: ReadModel; readonly rows: PageRows }[] = [];
      for (const pass of passes) pages.push({ model: pass.model, rows: await pass.fold(events) });
      await writing;
      writing = inTransaction(pool, async (client) => {
        for (const { model, rows } of pages) await writePage(client, schema, model, generations.get(model.name) ?? 0, rows);
        await moveRebuild(client, schema, job, { cursorKey: lastKey, events: events.length });
      });
      // Not nobody's: the last line of the loop or the end of the step waits for it.
      writing.catch(() => undefined);
    }
  } finally {
    // Also where it is left early: whoever stops a rebuild waits until the page in hand is written.
    await writing;
  }
  await moveRebuild(pool, schema, job, { phase: 'indexes' });
}

export async function writeIndexes({ pool, schema, job, models, signal }: BuildContext, { upto }: RebuildJob): Promise<void> {
  for (const model of models.filter(({ byKey }) => byKey)) {
    const { generation } = await buildingOf(pool as unknown as ClientBase, schema, model);
    for (const table of model.tables) {
      const name = `${schema}.${physicalName(table, generation)}`;
      const { rows } = await pool.query<{ indexdef: string }>('SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2', [schema, physicalName(table, generation)]);
      for (const sql of createIndexesSql(schema, table, generation).slice(rows.length)) {
        checkGoingOn(signal);
        await inTransaction(pool, async (client) => {
          await client.query(`SET LOCAL statement_timeout = ${INDEX_MS}`);
          await client.query({ text: sql, query_timeout: INDEX_MS } as QueryConfig);
        });
      }
      await pool.query(`ANALYZE ${name}`);
    }
    await pool.query(`UPDATE ${schema}.generations SET applied = $3 WHERE model = $1 AND generation = $2`, [model.name, generation, upto]);
  }
  await moveRebuild(pool, schema, job, { phase: 'catch-up' });
}

/** Ends a replay: models that are folded in order are brought up to its last event, and all are kept, in place of the replay before. */
export async function keepReplayed(context: BuildContext, { upto }: RebuildJob): Promise<void> {
  const { pool, schema, job, models, page } = context;
  for (const model of models) {
    for (let more = true; more;) {
      checkGoingOn(context.signal);
      more = await inTransaction(pool, async (client) => {
        const { generation, applied } = await buildingOf(client, schema, model);
        if (applied >= upto) return false;
        const after = await applyPage(client, context, model, generation, { after: applied, upto, size: Math.ceil(page / 2) });
        await client.query(`UPDATE ${schema}.generations SET applied = $3 WHERE model = $1 AND generation = $2`, [model.name, generation, after]);
        await moveRebuild(client, schema, job, { events: model.byKey ? 0 : after - applied });
        return true;
      });
    }
  }
  await inTransaction(pool, async (client) => {
    for (const { model: name, generation, status } of await allGenerations(client, schema)) {
      const model = models.find((one) => one.name === name);
      if (!model) continue;
      if (status === 'replayed') await dropGeneration(client, schema, model, generation);
      if (status === 'building') await client.query(`UPDATE ${schema}.generations SET status = 'replayed' WHERE model = $1 AND generation = $2`, [name, generation]);
    }
    await moveRebuild(client, schema, job, { phase: 'done' });
  });
}

/** Applies what came in meanwhile, then swaps: the last few events, the views and the record of it in one transaction. */
export async function catchUpAndSwap(context: BuildContext): Promise<void> {
  for (const model of context.models) while (await catchUpPage(context, model)) checkGoingOn(context.signal);
  for (let tries = 1; !(await swapped(context, tries === SWAP_TRIES)); tries++) {
    await sleep(SWAP_LOCK_MS);
    checkGoingOn(context.signal);
  }
}

/** False where queries held it up; the last try throws then. */
async function swapped(context: BuildContext, last: boolean): Promise<boolean> {
  try {
    await swapAll(context);
    return true;
  } catch (error) {
    if (!last && error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

async function swapAll(context: BuildContext): Promise<void> {
  const { pool, schema, job, models, page } = context;
  await inTransaction(pool, async (client) => {
    const seq = await lockIngest(client, schema);
    // Shorter than PostgreSQL waits before it ends a deadlock: never a query is given up for a swap.
    await client.query(`SET LOCAL lock_timeout = ${SWAP_LOCK_MS}`);
    for (const model of models) {
      const { generation, applied, foreign } = await buildingOf(client, schema, model);
      for (let after = applied; after < seq && !foreign;) after = await applyPage(client, context, model, generation, { after, upto: seq, size: Math.ceil(page / 2) });
      await swap(client, schema, model, generation, seq);
    }
    await moveRebuild(client, schema, job, { phase: 'done' });
  });
}

/** True where so much is left that the writer should not be held up for it. */
async function catchUpPage(context: BuildContext, model: ReadModel): Promise<boolean> {
  const { pool, schema, job, verb, page } = context;
  return inTransaction(pool, async (client) => {
    const { generation, applied, foreign } = await buildingOf(client, schema, model);
    const { rows: [head] } = await client.query<{ seq: number }>(`SELECT seq FROM ${schema}.ingest`);
    const seq = head?.seq ?? 0;
    if (foreign || seq - applied < page / 20) return false;
    const after = await applyPage(client, context, model, generation, { after: applied, upto: seq, size: Math.ceil(page / 2) });
    await client.query(`UPDATE ${schema}.generations SET applied = $3 WHERE model = $1 AND generation = $2`, [model.name, generation, after]);
    await moveRebuild(client, schema, job, model.byKey && verb === 'rebuild' ? {} : { events: after - applied });
    return true;
  });
}

interface SeqRange {
  readonly after: number;
  readonly upto: number;
  readonly size: number;
}

async function applyPage(client: ClientBase, { schema, personal }: BuildContext, model: ReadModel, generation: number, { after, upto, size }: SeqRange): Promise<number> {
  const events = await eventsBySeq(client, { schema, personal, types: [...model.types], upto, size }, after);
  await applyModels(client, schema, [{ model, generation }], events);
  return events.length < size ? upto : events.at(-1)?.seq ?? upto;
}

/** The generation before is kept to go back to; older ones are dropped, and so is one whose state is not known. */
export async function swap(client: ClientBase, schema: string, model: ReadModel, generation: number, seq: number): Promise<void> {
  const known = (await allGenerations(client, schema)).filter((one) => one.model === model.name && one.generation !== generation);
  for (const old of known.filter(({ status }) => status === 'retired')) await dropGeneration(client, schema, model, old.generation);
  await pointViews(client, schema, model, generation);
  for (const old of known.filter(({ status }) => status === 'active')) {
    if (old.applied === null && old.version !== model.version) await dropGeneration(client, schema, model, old.generation);
    else {
      await client.query(`UPDATE ${schema}.generations SET status = 'retired', applied = coalesce(applied, $3) WHERE model = $1 AND generation = $2`,
        [model.name, old.generation, seq]);
    }
  }
  await client.query(`UPDATE ${schema}.generations SET status = 'active', applied = CASE WHEN version <> $3 THEN applied END WHERE model = $1 AND generation = $2`, [model.name, generation, model.version]);
}
