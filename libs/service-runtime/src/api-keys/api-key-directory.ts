import { setTimeout as pause } from 'node:timers/promises';
import { comparePositions, LOG_START, type LogPosition, type Role } from '@wami/contracts';
import type { EventLog, Subscription, SubscriptionHealth } from '@wami/event-log';
import { inTransaction, migrate } from '@wami/event-store';
import type { ApiKeyLookup, KnownApiKey, Logger } from '@wami/platform';
import type { Pool } from 'pg';
import { API_KEY_MIGRATIONS } from './api-key.migrations';
import { applyToApiKeys } from './api-key-rows';
import { ApiKeyUses } from './api-key-uses';
import type { TellUses } from './tell-uses';

export interface ApiKeyDirectoryOptions {
  readonly pool: Pool;
  /** The service's own schema: nobody else reads the table. */
  readonly schema: string;
  /** Where identity's events are heard. Stays the caller's to close. */
  readonly log: EventLog;
  readonly logger: Logger;
  /** Where identity is another process: how it hears of uses. */
  readonly tellUses?: TellUses;
}

const SOURCE = 'identity';
const POLL_MS = 10;
/** Most events are none of its: under load many share a transaction. */
const PACE_MS = 100;

/**
 * The API keys that a service knows, folded from identity's events with the position saved beside the rows. The replicas of a service
 * share the table, so what one of them heard holds for all.
 */
export class ApiKeyDirectory implements ApiKeyLookup {
  private constructor(private readonly pool: Pool, private readonly schema: string, private readonly subscription: Subscription, private readonly uses: ApiKeyUses) {}

  /** Makes or upgrades the table and begins to listen. */
  static async open({ pool, schema, log, logger, tellUses }: ApiKeyDirectoryOptions): Promise<ApiKeyDirectory> {
    await migrate({ pool, schema, tool: 'api-keys', migrations: API_KEY_MIGRATIONS });
    const subscription = await log.subscribe({
      group: `${schema}-api-keys`, sources: [SOURCE], from: 'beginning', sealed: true, paceMs: PACE_MS, checkpoints: { schema },
      onBatch: (batch) => inTransaction(pool, async (client) => {
        await applyToApiKeys(client, schema, batch.events);
        await batch.savePosition(client);
      }),
    });
    return new ApiKeyDirectory(pool, schema, subscription, new ApiKeyUses(pool, schema, logger, tellUses));
  }

  async find(hash: string): Promise<KnownApiKey | undefined> {
    const { rows: [row] } = await this.pool.query<{ id: string; tenant: string; role: Role; until: Date | null }>({
      name: `api-key-${this.schema}`, values: [hash],
      text: `SELECT id, tenant, role, expires_at AS until FROM "${this.schema}".api_keys WHERE hash = $1 AND NOT revoked
        UNION ALL SELECT id, tenant, role, previous_until AS until FROM "${this.schema}".api_keys WHERE previous_hash = $1 AND NOT revoked LIMIT 1`,
    });
    return row && { id: row.id, tenant: row.tenant, role: row.role, ...(row.until ? { until: row.until.getTime() } : {}) };
  }

  used(id: string, at = new Date()): void {
    this.uses.note(id, at);
  }

  /** Ids of the keys of a tenant tree ('' is all) in their order, after the given one. */
  async idsWithin(tenant: string, after: string, limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT id FROM "${this.schema}".api_keys WHERE NOT revoked AND id > $2
        AND ($1 = '' OR tenant = $1 OR (tenant > $1 || '/' AND tenant < $1 || '0')) ORDER BY id LIMIT $3`, [tenant, after, limit]);
    return rows.map(({ id }) => id);
  }

  /** When each of these was last used, as far as this service knows. */
  async lastUses(ids: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    await this.uses.write();
    const { rows } = await this.pool.query<{ id: string; usedAt: Date }>(
      `SELECT id, used_at AS "usedAt" FROM "${this.schema}".api_keys WHERE id = ANY($1::text[]) AND used_at IS NOT NULL`, [ids]);
    return new Map(rows.map(({ id, usedAt }) => [id, usedAt]));
  }

  /** True when everything up to the place is known here; false where it is not within the time. */
  async reached(position: LogPosition, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (comparePositions((await this.subscription.position())[SOURCE] ?? LOG_START, position) < 0) {
      if (Date.now() >= deadline) return false;
      await pause(POLL_MS);
    }
    return true;
  }

  /** Not healthy: revocations are not heard now. */
  health(): SubscriptionHealth {
    return this.subscription.health();
  }

  async close(): Promise<void> {
    await this.subscription.close();
    await this.uses.close();
  }
}
