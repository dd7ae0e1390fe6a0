import type { EventMeta, NewEventOf, RecordedRepairEvent, repairAnswered, repairCompared } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import type { Stated } from './judge-statement';

type Told = Extract<RecordedRepairEvent, { type: 'wami.repair.told.v1' }>;

/** What came of comparing a statement. */
export interface Compared {
  readonly stated: Stated;
  readonly differs: readonly string[];
  /** The bindings of the resource, locked. */
  readonly held: readonly { readonly account: string; readonly version: number }[];
}

interface RepairRow {
  readonly repair: string;
  readonly compared: number;
  readonly differing: number;
  readonly events: number;
}

/** What identity told at the end: how many statements there are, and what the answer is about. */
interface End {
  readonly total: number;
  readonly tenant: string;
  readonly subject: string;
  readonly cause: EventMeta;
}

const streamOf = (provider: string, repair: string): string => `${provider}/${repair}`;

/** Says what differs, and of all that is held how much was said of it; counts the rest. */
export async function noteCompared(client: PoolClient, db: EngineDatabase, compared: readonly Compared[]): Promise<void> {
  for (const [repair, own] of byRepair(compared)) {
    const [first] = own;
    if (!first) continue;
    const events = own.filter(({ differs, held }) => differs.length + held.length > 0).map((one) => comparedEvent(db.provider, repair, one));
    const differing = own.filter(({ differs }) => differs.length > 0).length;
    const { rows: [row] } = await client.query<RepairRow>(`INSERT INTO ${db.table('repairs')} AS r (repair, compared, differing, events) VALUES ($1, $2, $3, $4)
      ON CONFLICT (repair) DO UPDATE SET compared = r.compared + excluded.compared, differing = r.differing + excluded.differing, events = r.events + excluded.events
      RETURNING *`, [repair, own.length, differing, events.length]);
    const expectedVersion = (row?.events ?? events.length) - events.length;
    if (events.length > 0) await db.write(client, [], [{ stream: streamOf(db.provider, repair), tenant: first.stated.data.within, expectedVersion, events, meta: causedBy(first.stated) }]);
  }
}

export async function noteTold(client: PoolClient, db: EngineDatabase, told: readonly Told[]): Promise<void> {
  for (const event of told) {
    const end: End = { total: event.data.stated, tenant: event.tenant, subject: event.subject, cause: causedBy(event) };
    await client.query(`INSERT INTO ${db.table('repairs')} (repair, told) VALUES ($1, $2) ON CONFLICT (repair) DO UPDATE SET told = excluded.told`, [event.stream, JSON.stringify(end)]);
  }
}

/** Answers those of which all was compared. The end may be told before the last statement arrives: logs are in order by key alone. */
export async function answerComplete(client: PoolClient, db: EngineDatabase, repairs: readonly string[]): Promise<void> {
  if (repairs.length === 0) return;
  const { rows } = await client.query<RepairRow & { readonly told: End }>(
    `DELETE FROM ${db.table('repairs')} WHERE repair = ANY($1) AND compared >= (told->>'total')::integer RETURNING *`, [repairs]);
  for (const { repair, compared, differing, events: expectedVersion, told: { tenant, subject, cause } } of rows) {
    const stream = streamOf(db.provider, repair);
    const event: NewEventOf<typeof repairAnswered> = {
      type: 'wami.sync.repair-answered.v1', stream, key: repair, tenant, subject, personal: {}, data: { repair, provider: db.provider, compared, differing },
    };
    await db.write(client, [], [{ stream, tenant, expectedVersion, events: [event], meta: cause }]);
  }
}

function comparedEvent(provider: string, repair: string, { stated, differs, held }: Compared): NewEventOf<typeof repairCompared> {
  const { key, tenant, subject, data: { kind, dryRun } } = stated;
  return {
    type: 'wami.sync.repair-compared.v1', stream: streamOf(provider, repair), key, tenant, subject, personal: {},
    data: { repair, dryRun, resource: key, kind, provider, differs: [...differs], right: differs.length === 0 || !dryRun, held: [...held] },
  };
}

function byRepair(compared: readonly Compared[]): Map<string, Compared[]> {
  const groups = new Map<string, Compared[]>();
  for (const one of compared) groups.set(one.stated.data.repair, [...groups.get(one.stated.data.repair) ?? [], one]);
  return groups;
}
