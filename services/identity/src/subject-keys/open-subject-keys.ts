import { hkdfSync } from 'node:crypto';
import { KEY_BYTES, keyedRow, PersonalData } from '@wami/event-store';
import type { ClientBase, Pool } from 'pg';
import type { MasterKeys } from './master-key';
import { SubjectKeyStore } from './subject-key-store';
import { STORE, TenantKeys } from './tenant-keys';

export interface OpenSubjectKeys {
  readonly keys: SubjectKeyStore;
  readonly personal: PersonalData;
  /** Under it the names are kept that must be unique. */
  readonly nameKey: Buffer;
}

const PAGE = 5000;

/**
 * The keys of an identity store, whose tables are migrated: checks the master key, and wraps anew what the one before it wrapped.
 * @throws StartupError where the master key is another one than the database needs
 */
export async function openSubjectKeys(pool: Pool, schema: string, master: MasterKeys): Promise<OpenSubjectKeys> {
  const tenants = new TenantKeys(pool, schema, master);
  await tenants.ensure(STORE, (client, key) => bringNamesUnder(client, schema, nameKeyOf(key)));
  const nameKey = nameKeyOf(await tenants.of(STORE));
  await tenants.rewrap();
  const keys: SubjectKeyStore = new SubjectKeyStore(pool, schema, tenants, (subject) => personal.forget([subject]));
  const personal: PersonalData = new PersonalData({ keys, maker: keys });
  return { keys, personal, nameKey };
}

const nameKeyOf = (storeKey: Buffer): Buffer => Buffer.from(hkdfSync('sha256', storeKey, '', 'wami unique names v1', KEY_BYTES));

interface NameRow {
  readonly tenant: string;
  readonly kind: string;
  readonly value: string;
}

/** Names that were kept as a plain hash, before there were keys. */
async function bringNamesUnder(client: ClientBase, schema: string, key: Buffer): Promise<void> {
  const { rows } = await client.query<NameRow>(`SELECT tenant, kind, value FROM "${schema}".names FOR UPDATE`);
  for (let i = 0; i < rows.length; i += PAGE) {
    const page = rows.slice(i, i + PAGE);
    await client.query(
      `UPDATE "${schema}".names n SET value = c.keyed FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS c (tenant, kind, value, keyed)
       WHERE n.tenant = c.tenant AND n.kind = c.kind AND n.value = c.value`,
      [page.map(({ tenant }) => tenant), page.map(({ kind }) => kind), page.map(({ value }) => value), page.map((row) => keyedRow(key, row))]);
  }
}
