import { readFileSync, writeFileSync } from 'node:fs';
import { Pool } from 'pg';
import { accountAt, FIRST_ACCOUNT } from './accounts';

/** A user that the engine itself synced, after which all others are made; each of these texts stands for nothing else in its rows. */
export interface Template {
  readonly account: string;
  readonly userName: string;
  readonly resource: string;
  /** The cloud's own id. */
  readonly cloudId: string;
}

export interface Population {
  readonly users: number;
  readonly accounts: number;
}

const CHUNK = 20_000;
const WRITERS = 2;
const SCHEMA = 'sync_aws';
const ID = { prefix: 'usr_', digits: 26 } as const;
const CLOUD_ID = { prefix: 'AIDA', digits: 17 } as const;

/** Users of one account, which are counted on from one account to the next, from 1. */
const each = ({ users, accounts }: Population): number => users / accounts;
const sql = ({ prefix, digits }: typeof ID | typeof CLOUD_ID, number: string): string => `'${prefix}' || lpad((${number})::text, ${digits}, '0')`;

/** Rows of the engine as the template's, at rest. In parts, each of which a statement has time for. */
export async function makeRows(pool: Pool, template: Template, population: Population): Promise<void> {
  const { account, userName, resource, cloudId } = template;
  const copied = `replace(replace(replace(replace(t.row, $1, ${sql(ID, 'i')}), $4, (${FIRST_ACCOUNT} + (i - 1) / ${each(population)})::text), $5, 'user-' || i), $6, ${sql(CLOUD_ID, 'i')})::jsonb`;
  const insert = (table: string, key: string, more = ''): string => `INSERT INTO ${SCHEMA}.${table} SELECT n.* FROM (SELECT to_jsonb(r)::text AS row FROM ${SCHEMA}.${table} r WHERE ${key} = $1) AS t,
    generate_series($2::bigint, $3::bigint) AS i, LATERAL jsonb_populate_record(NULL::${SCHEMA}.${table}, ${copied}${more}) AS n`;
  const parts = Array.from({ length: Math.ceil(population.users / CHUNK) }, (_, part) => [part * CHUNK + 1, Math.min(population.users, (part + 1) * CHUNK)] as const);
  await Promise.all(Array.from({ length: WRITERS }, async () => {
    for (let part = parts.shift(); part; part = parts.shift()) {
      const values = [resource, ...part, account, userName, cloudId];
      await pool.query(insert('engine_resources', 'id'), values);
      await pool.query(insert('engine_bindings', 'resource', ` || '{"stream_version": 0}'`), values);
    }
  }));
  await pool.query(`INSERT INTO ${SCHEMA}.engine_targets (account) SELECT (${FIRST_ACCOUNT} + i)::text FROM generate_series(0, $1::int - 1) AS i ON CONFLICT DO NOTHING`, [population.accounts]);
  await pool.query(`ANALYZE ${SCHEMA}.engine_resources, ${SCHEMA}.engine_bindings`);
}

/** What the sandboxes keep, of the template's own: the first `held` users of each account. */
export function makeStates(template: Template, population: Population, held: number, stateFile: (account: string) => string): void {
  const [header = '', ...lines] = readFileSync(stateFile(template.account), 'utf8').split('\n');
  const line = lines.find((one) => one.includes(template.cloudId));
  if (line === undefined) throw new Error('the cloud does not keep the template');
  for (let index = 0; index < population.accounts; index++) {
    const account = accountAt(index);
    const users = Array.from({ length: held }, (_, at) => copyOf(line, template, account, index * each(population) + at + 1));
    writeFileSync(stateFile(account), [header.replaceAll(template.account, account), ...users, ''].join('\n'));
  }
}

function copyOf(line: string, { account, userName, resource, cloudId }: Template, to: string, number: number): string {
  const padded = ({ prefix, digits }: typeof ID | typeof CLOUD_ID): string => prefix + String(number).padStart(digits, '0');
  return line.replaceAll(resource, padded(ID)).replaceAll(account, to).replaceAll(userName, `user-${number}`).replaceAll(cloudId, padded(CLOUD_ID));
}

export interface Due {
  /** So many of each account, those after the first `skipped` of it. */
  readonly count: number;
  readonly skipped: number;
  readonly dueAt: number;
  /** What else of their rows. */
  readonly set: string;
}

/** Makes them due in one moment. Nothing personal is said of them: for identity, which never heard of them, their keys are destroyed. */
export async function makeDue(pool: Pool, population: Population, { skipped, count, dueAt, set }: Due): Promise<void> {
  const those = `FROM generate_series(0, $1::int - 1) AS a, generate_series($2::int + 1, $2::int + $3::int) AS u`;
  const values = [population.accounts, skipped, count];
  await pool.query(`INSERT INTO identity.subject_keys (subject, tenant) SELECT ${sql(ID, `a * ${each(population)} + u`)}, 'gone' ${those}`, values);
  await pool.query(`UPDATE ${SCHEMA}.engine_bindings b SET lane = 1, due_at = $4, ${set} ${those}
    WHERE b.account = (${FIRST_ACCOUNT} + a)::text AND b.resource = ${sql(ID, `a * ${each(population)} + u`)}`, [...values, dueAt]);
}
