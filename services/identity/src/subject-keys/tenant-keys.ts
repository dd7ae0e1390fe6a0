import { randomBytes } from 'node:crypto';
import { inTransaction, KEY_BYTES } from '@wami/event-store';
import { StartupError } from '@wami/platform';
import type { ClientBase, Pool } from 'pg';
import { BoundedMap } from '../bounded-map';
import type { MasterKeys } from './master-key';

/** The store's own key, under a name that no tenant has. */
export const STORE = '*';
/** Kept in memory; some hundred bytes each. */
const MOST_TENANTS = 50_000;
const PAGE = 500;

interface Row {
  readonly tenant: string;
  readonly master_key: string;
  readonly wrapped: string;
}

const contextOf = (tenant: string): string => `wami tenant key v1\n${tenant}`;

/** One key for each top tenant, wrapped by the master key, made when it is first needed. */
export class TenantKeys {
  private readonly known = new BoundedMap<string, Buffer>(MOST_TENANTS);

  constructor(private readonly pool: Pool, private readonly schema: string, private readonly master: MasterKeys) {}

  /** Existing or new. @throws StartupError where the master key does not open it */
  async of(tenant: string): Promise<Buffer> {
    const known = this.known.get(tenant);
    if (known) return known;
    const row = await this.read(this.pool, tenant);
    const key = row ? await this.unwrap(row) : await this.make(tenant);
    this.known.set(tenant, key);
    return key;
  }

  /** Makes a key where there is none, and runs `also` with it in the same transaction; another process that is about to do the same waits. */
  async ensure(tenant: string, also: (client: ClientBase, key: Buffer) => Promise<void>): Promise<void> {
    if (await this.read(this.pool, tenant)) return;
    const key = randomBytes(KEY_BYTES);
    const wrapped = await this.wrap(tenant, key);
    await inTransaction(this.pool, async (client) => {
      if (await this.insert(client, tenant, wrapped)) await also(client, key);
    });
  }

  /** What the key before wrapped is wrapped with the current one. */
  async rewrap(): Promise<number> {
    if (!this.master.previous) return 0;
    for (let done = 0; ;) {
      const page = await inTransaction(this.pool, (client) => this.rewrapPage(client));
      done += page;
      if (page < PAGE) return done;
    }
  }

  private async rewrapPage(client: ClientBase): Promise<number> {
    const { current } = this.master;
    const { rows } = await client.query<Row>(
      `SELECT tenant, master_key, wrapped FROM "${this.schema}".tenant_keys WHERE master_key <> $1 ORDER BY tenant LIMIT ${PAGE} FOR UPDATE`, [current.id]);
    const wrapped: string[] = [];
    for (const row of rows) wrapped.push(await this.wrap(row.tenant, await this.unwrap(row)));
    await client.query(
      `UPDATE "${this.schema}".tenant_keys k SET master_key = $1, wrapped = n.wrapped FROM unnest($2::text[], $3::text[]) AS n (tenant, wrapped) WHERE k.tenant = n.tenant`,
      [current.id, rows.map(({ tenant }) => tenant), wrapped]);
    return rows.length;
  }

  private async read(db: Pool | ClientBase, tenant: string): Promise<Row | undefined> {
    const { rows: [row] } = await (db as Pool).query<Row>(`SELECT tenant, master_key, wrapped FROM "${this.schema}".tenant_keys WHERE tenant = $1`, [tenant]);
    return row;
  }

  /** Of several that make it at the same time one wins, and all of them take that one. */
  private async make(tenant: string): Promise<Buffer> {
    const key = randomBytes(KEY_BYTES);
    if (await this.insert(this.pool, tenant, await this.wrap(tenant, key))) return key;
    const row = await this.read(this.pool, tenant);
    if (!row) throw new Error(`the key of tenant ${tenant} was made and is not there`);
    return this.unwrap(row);
  }

  private async wrap(tenant: string, key: Buffer): Promise<string> {
    return (await this.master.current.wrap(key, contextOf(tenant))).toString('base64url');
  }

  /** False where somebody was faster. */
  private async insert(db: Pool | ClientBase, tenant: string, wrapped: string): Promise<boolean> {
    const { rowCount } = await (db as Pool).query(
      `INSERT INTO "${this.schema}".tenant_keys (tenant, master_key, wrapped) VALUES ($1, $2, $3) ON CONFLICT (tenant) DO NOTHING`, [tenant, this.master.current.id, wrapped]);
    return rowCount === 1;
  }

  private async unwrap({ tenant, master_key: id, wrapped }: Row): Promise<Buffer> {
    const { current, previous } = this.master;
    const master = [current, previous].find((one) => one?.id === id);
    if (!master) {
      throw new StartupError(`The master key is not the one that the keys in this database are wrapped with: they need ${id}, and ${current.id} was given. `
        + 'Give WAMI_MASTER_KEY as it was before (npm start: put master.key back into WAMI_DATA_DIR), or that one as WAMI_MASTER_KEY_PREVIOUS beside the new one.');
    }
    const key = await master.unwrap(Buffer.from(wrapped, 'base64url'), contextOf(tenant));
    if (!key) throw new StartupError(`The key of ${tenant === STORE ? 'the store' : `tenant ${tenant}`} in this database was damaged: restore the table tenant_keys from a backup.`);
    return key;
  }
}
