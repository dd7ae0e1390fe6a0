import { prepared } from '@wami/event-store';
import { quoteIdentifier } from '../database/identifier';
import type { PoolClient } from 'pg';
import type { Binding } from './binding';

const COLUMNS: Readonly<Record<keyof Binding, readonly [column: string, type: string]>> = {
  account: ['account', 'text'], resource: ['resource', 'text'], kind: ['kind', 'text'], tenant: ['tenant', 'text'], subject: ['subject', 'text'],
  streamVersion: ['stream_version', 'integer'], wanted: ['wanted', 'boolean'], deleted: ['deleted', 'boolean'], erased: ['erased', 'boolean'], intent: ['intent', 'text'],
  generation: ['generation', 'integer'], lane: ['lane', 'smallint'], dueAt: ['due_at', 'bigint'], claimed: ['claimed', 'boolean'],
  state: ['state', 'text'], errorCode: ['error_code', 'text'], presence: ['presence', 'jsonb'], unfinished: ['unfinished', 'boolean'],
  nameCertain: ['name_certain', 'boolean'], tried: ['tried', 'jsonb'], triedEnds: ['tried_ends', 'jsonb'], held: ['held', 'boolean'],
  retryCount: ['retry_count', 'integer'], fastRetries: ['fast_retries', 'integer'], maxRetries: ['max_retries', 'integer'],
  waitingFor: ['waiting_for', 'text'], connectionHold: ['connection_hold', 'text'], verifySince: ['verify_since', 'bigint'],
  strategy: ['strategy', 'text'], pausedBy: ['paused_by', 'text'], guardedBy: ['guarded_by', 'text'], jobs: ['jobs', 'jsonb'], cause: ['cause', 'jsonb'], plan: ['plan', 'jsonb'],
  drift: ['drift', 'text'], traces: ['traces', 'jsonb'], askedAt: ['asked_at', 'bigint'], lookAt: ['look_at', 'bigint'], askedAgain: ['asked_again', 'jsonb'],
  deletionSent: ['deletion_sent', 'jsonb'], called: ['called', 'jsonb'], groundwork: ['groundwork', 'jsonb'],
};
const FIELDS = Object.keys(COLUMNS) as (keyof Binding)[];
const KEY: readonly (keyof Binding)[] = ['account', 'resource'];

export type BindingRow = Record<string, unknown>;

/** Column list of a binding, each under its field's name, of the table or alias `of`. */
export function bindingColumns(of: string): string {
  return FIELDS.map((field) => `${of}.${COLUMNS[field][0]} AS "${field}"`).join(', ');
}

export function toBinding(row: BindingRow): Binding {
  const { dueAt, verifySince, askedAt, lookAt } = row;
  return { ...row, dueAt: timeOf(dueAt), verifySince: timeOf(verifySince), askedAt: timeOf(askedAt), lookAt: timeOf(lookAt) } as unknown as Binding;
}

const timeOf = (value: unknown): number | null => (value === null ? null : Number(value));

/** Bindings in rows of the engine's table; whoever saves one holds its row's lock. */
export class BindingTable {
  readonly name: string;
  private readonly upsert: string;

  constructor(schema: string) {
    this.name = `${quoteIdentifier(schema)}.engine_bindings`;
    const columns = FIELDS.map((field) => COLUMNS[field][0]);
    const types = FIELDS.map((field) => `${COLUMNS[field][0]} ${COLUMNS[field][1]}`);
    const updates = FIELDS.filter((field) => !KEY.includes(field)).map((field) => `${COLUMNS[field][0]} = excluded.${COLUMNS[field][0]}`);
    this.upsert = `INSERT INTO ${this.name} (${columns.join(', ')})
      SELECT ${columns.join(', ')} FROM jsonb_to_recordset($1::jsonb) AS r (${types.join(', ')})
      ON CONFLICT (account, resource) DO UPDATE SET ${updates.join(', ')}`;
  }

  /** Locks and reads, in the order of the key, so that transactions wait for each other and do not deadlock. `limit`: only the first of them. */
  async lock(client: PoolClient, where: string, values: readonly unknown[], limit?: number): Promise<Binding[]> {
    const { rows } = await client.query<BindingRow>(prepared(
      `SELECT ${bindingColumns('b')} FROM ${this.name} b WHERE ${where} ORDER BY b.account, b.resource${limit === undefined ? '' : ` LIMIT ${limit}`} FOR UPDATE`, values));
    return rows.map(toBinding);
  }

  /** The first of them in the order of the key, unlocked. */
  async page(client: PoolClient, where: string, values: readonly unknown[], limit: number): Promise<Binding[]> {
    const { rows } = await client.query<BindingRow>(`SELECT ${bindingColumns('b')} FROM ${this.name} b WHERE ${where} ORDER BY b.account, b.resource LIMIT ${limit}`, [...values]);
    return rows.map(toBinding);
  }

  /** As they stand, unlocked. */
  async read(client: PoolClient, keys: readonly Pick<Binding, 'account' | 'resource'>[]): Promise<Binding[]> {
    const { rows } = await client.query<BindingRow>(
      `SELECT ${bindingColumns('b')} FROM ${this.name} b WHERE (b.account, b.resource) IN (SELECT * FROM unnest($1::text[], $2::text[]))`, columnsOf(keys));
    return rows.map(toBinding);
  }

  async lockKeys(client: PoolClient, keys: readonly Pick<Binding, 'account' | 'resource'>[]): Promise<Binding[]> {
    return this.lock(client, '(b.account, b.resource) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
      columnsOf(keys));
  }

  async save(client: PoolClient, bindings: readonly Binding[]): Promise<void> {
    if (bindings.length === 0) return;
    const rows = bindings.map((binding) => Object.fromEntries(FIELDS.map((field) => [COLUMNS[field][0], binding[field]])));
    await client.query(prepared(this.upsert, [JSON.stringify(rows)]));
  }
}

function columnsOf(keys: readonly Pick<Binding, 'account' | 'resource'>[]): string[][] {
  return [keys.map(({ account }) => account), keys.map(({ resource }) => resource)];
}
