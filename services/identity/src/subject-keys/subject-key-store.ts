import { randomBytes } from 'node:crypto';
import {
  KEY_BYTES, KeysUnavailable, lock, unlock, type KeyMaker, type NewSubjectKey, type Owned, type SubjectKey, type SubjectKeys,
} from '@wami/event-store';
import { StartupError } from '@wami/platform';
import type { ClientBase, Pool } from 'pg';
import type { TenantKeys } from './tenant-keys';

interface Row {
  readonly subject: string;
  readonly tenant: string;
  readonly wrapped: string | null;
}

const contextOf = (subject: string): string => `wami subject key v1\n${subject}`;
const topOf = (tenant: string): string => tenant.split('/', 1)[0] ?? '';

/** The keys of all subjects, as identity's own tables hold them. */
export class SubjectKeyStore implements SubjectKeys, KeyMaker {
  constructor(private readonly pool: Pool, private readonly schema: string, private readonly tenants: TenantKeys, private readonly onDestroyed: (subject: string) => void) {}

  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    if (subjects.length === 0) return new Map();
    try {
      const { rows } = await this.pool.query<Row>({
        name: `wami_subject_keys_${this.schema}`.slice(0, 63),
        text: `SELECT subject, tenant, wrapped FROM "${this.schema}".subject_keys WHERE subject = ANY($1)`, values: [subjects],
      });
      const found = new Map<string, SubjectKey>();
      for (const row of rows) found.set(row.subject, await this.unwrap(row));
      return found;
    } catch (error) {
      if (error instanceof KeysUnavailable) throw error;
      throw new KeysUnavailable(error instanceof StartupError ? error.message : 'the database of identity does not answer', { cause: error });
    }
  }

  async make(owners: readonly Owned[]): Promise<readonly NewSubjectKey[]> {
    const made: NewSubjectKey[] = [];
    for (const { subject, tenant } of owners) {
      const key = randomBytes(KEY_BYTES);
      made.push({ subject, tenant, key, wrapped: lock(await this.tenants.of(topOf(tenant)), contextOf(subject), key).toString('base64url') });
    }
    return made;
  }

  /**
   * Destroys the subject's key for good, in the transaction of the caller: that of the event which says so. What comes later about the subject
   * is stored without anything personal. This process and those that hear the event forget it at once, the others within a minute. A subject that
   * never had one gets none.
   */
  async destroy(client: ClientBase, { subject, tenant }: Owned): Promise<void> {
    await client.query(
      `INSERT INTO "${this.schema}".subject_keys AS k (subject, tenant, wrapped, destroyed_at) VALUES ($1, $2, NULL, now())
       ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(k.destroyed_at, now())`, [subject, tenant]);
    this.onDestroyed(subject);
  }

  private async unwrap({ subject, tenant, wrapped }: Row): Promise<SubjectKey> {
    if (wrapped === null) return 'gone';
    const key = unlock(await this.tenants.of(topOf(tenant)), contextOf(subject), Buffer.from(wrapped, 'base64url'));
    if (!key) throw new KeysUnavailable(`the key of ${subject} was damaged in the database`);
    return key;
  }
}
