import { prepared } from '@wami/event-store';
import { LOG_START, laterPosition, tenantLineage, type LogPosition, type SyncConfig, type SyncConfigPatch } from '@wami/contracts';
import { resolveSyncConfig } from '@wami/domain';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';

export interface TenantRow {
  readonly id: string;
  readonly path: string;
  readonly gone: boolean;
  readonly config: SyncConfigPatch;
  readonly intent: LogPosition;
}

/** What holds for a tenant, inheritance resolved. */
export interface Settings {
  readonly config: SyncConfig;
  /** Place of the newest event of its line that settings rest on. */
  readonly intent: LogPosition;
}

/** Settings by tenant path. A tenant whose line is not wholly known yet has none: nothing is wanted until it is. */
export class SettingsBook {
  private readonly resolved = new Map<string, Settings | undefined>();

  constructor(private readonly tenants: ReadonlyMap<string, TenantRow>) {}

  of(path: string): Settings | undefined {
    if (!this.resolved.has(path)) this.resolved.set(path, this.resolve(path));
    return this.resolved.get(path);
  }

  private resolve(path: string): Settings | undefined {
    const line = tenantLineage(path).map((at) => this.tenants.get(at));
    const known = line.filter((tenant) => tenant !== undefined);
    if (known.length < line.length) return undefined;
    return { config: resolveSyncConfig(known.map(({ config }) => config)), intent: known.reduce((newest, { intent }) => laterPosition(newest, intent), LOG_START) };
  }
}

/** A deleted tenant keeps its last settings, so that what was in it can still be taken away. */
export async function loadSettings(client: PoolClient, db: EngineDatabase, paths: Iterable<string>): Promise<SettingsBook> {
  const line = [...new Set([...paths].flatMap(tenantLineage))];
  const { rows } = await client.query<TenantRow>(prepared(`SELECT id, path, gone, config, intent FROM ${db.table('tenants')} WHERE path = ANY($1) ORDER BY gone DESC`, [line]));
  return new SettingsBook(new Map(rows.map((row) => [row.path, row])));
}
