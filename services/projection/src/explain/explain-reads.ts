import { Inject, Injectable } from '@nestjs/common';
import { tenantLineage, type ExplainedPause, type SyncStateName, type Target } from '@wami/contracts';
import { isSelectedBy, isStanding, type StandingPause } from '@wami/domain';
import type { Reader } from '@wami/event-store';
import { asWorker } from '@wami/platform';
import { EventsQueries } from '../events/events.query';
import { EVENT_COLUMNS, type EventRow } from '../ingest/event-columns';
import type { Ingested } from '../model/read-model';
import type { PauseRow } from '../pauses/pauses.table';
import { READER, SCHEMA } from '../ports';
import type { SyncResource, SyncTenant } from '../sync-states/sync-states.table';
import { nameOf, type Success } from './known';
import type { OwnSettings } from './settings-told';

const SUCCEEDED = 'wami.sync.succeeded.v1';
/** Failures that are looked at to tell until when a target rests. */
const SAMPLE = 200;

/** A pause, and what of it the caller may hear. */
export interface SeenPause {
  readonly standing: StandingPause;
  readonly told: ExplainedPause;
}

/** What an explanation reads, each in one statement. What holds from tenants above is read as a worker; of it no more is told than that it holds. */
@Injectable()
export class ExplainReads {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, private readonly events: EventsQueries) {}

  /** The settings of a tenant's line, top first. A tenant that is gone keeps its last ones. */
  async line(tenant: string): Promise<OwnSettings[]> {
    const paths = tenantLineage(tenant);
    const { rows } = await asWorker('explaining', () => this.reader.query<Pick<SyncTenant, 'path' | 'config'>>(
      `SELECT path, config FROM ${this.schema}.sync_tenants WHERE path = ANY($1) ORDER BY deleted DESC`, [paths]));
    const configs = new Map(rows.map(({ path, config }) => [path, config]));
    return paths.map((path) => ({ path, config: configs.get(path) ?? {} }));
  }

  /** What `syncToProviders` says; undefined where it says nothing. */
  async narrowing(id: string): Promise<readonly string[] | undefined> {
    const { rows: [row] } = await this.reader.query<Pick<SyncResource, 'narrowed'>>(`SELECT narrowed FROM ${this.schema}.sync_resources WHERE id = $1`, [id]);
    return row?.narrowed.at(-1)?.[1] ?? undefined;
  }

  /** Pauses that stand and may hold the resource somewhere. Who and why is told of those that the caller may read. */
  async pauses(tenant: string, resource: string, now: number): Promise<SeenPause[]> {
    const { rows } = await asWorker('explaining', () => this.reader.query<Omit<PauseRow, 'reason' | 'started_by'>>(
      `SELECT id, tenant, provider, account, resource, until FROM ${this.schema}.pauses
       WHERE ended_at IS NULL AND tenant = ANY($1) AND (resource IS NULL OR resource = $2) ORDER BY id`, [['', ...tenantLineage(tenant)], resource]));
    if (rows.length === 0) return [];
    const { rows: seen } = await this.reader.query<Pick<PauseRow, 'id' | 'reason' | 'started_by'>>(
      `SELECT id, reason, started_by FROM ${this.schema}.pauses WHERE id = ANY($1)`, [rows.map(({ id }) => id)]);
    const words = new Map(seen.map(({ id, reason, started_by: startedBy }) => [id, { reason, startedBy }]));
    return rows.flatMap((row) => {
      const until = row.until === null ? {} : { until: row.until };
      if (!isStanding(until, now)) return [];
      const standing: StandingPause = {
        id: row.id, tenant: row.tenant, ...until, ...(row.provider === null ? {} : { provider: row.provider }), ...(row.account === null ? {} : { account: row.account }),
        ...(row.resource === null ? {} : { resource: row.resource }),
      };
      return [{ standing, told: { id: row.id, ...until, ...words.get(row.id) } }];
    });
  }

  /** Target -> the newest success there, and the first one since it was last deleted there. */
  async successes(id: string, targets: readonly Target[]): Promise<Map<string, { readonly first?: Success; readonly last?: Success }>> {
    const streams = targets.map((target) => `${nameOf(target)}/${id}`);
    const { rows } = await this.reader.query<EventRow & { readonly newest: boolean }>(
      `WITH own AS (SELECT * FROM ${this.schema}.events WHERE key = $1 AND type = $2 AND stream = ANY($3)),
         gone AS (SELECT stream AS of, max(seq) AS upto FROM own WHERE data->>'operation' = 'delete' GROUP BY stream)
       (SELECT DISTINCT ON (stream) ${EVENT_COLUMNS}, true AS newest FROM own ORDER BY stream, seq DESC)
       UNION ALL (SELECT DISTINCT ON (stream) ${EVENT_COLUMNS}, false FROM own LEFT JOIN gone ON of = stream WHERE seq > coalesce(upto, 0) ORDER BY stream, seq)`, [id, SUCCEEDED, streams]);
    const found = new Map<string, { first?: Success; last?: Success }>();
    const opened = await this.events.opened(rows);
    for (const [i, event] of opened.entries()) {
      const name = event.stream.slice(0, -id.length - 1);
      found.set(name, { ...found.get(name), [rows[i]?.newest ? 'last' : 'first']: successOf(event) });
    }
    return found;
  }

  /** Identity's events about the resource, oldest first; undefined where there are more than `most`. */
  async intent(id: string, most: number): Promise<readonly Ingested[] | undefined> {
    const { rows } = await this.reader.query<EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM ${this.schema}.events WHERE key = $1 AND source = 'identity' ORDER BY seq LIMIT $2`, [id, most + 1]);
    return rows.length > most ? undefined : this.events.opened(rows);
  }

  /** How another resource stands at the target, where the caller may see it. */
  async stateAt(id: string, { provider, account }: Target): Promise<{ state: SyncStateName; reason?: string } | undefined> {
    const { rows: [row] } = await this.reader.query<{ state: SyncStateName; reason: string | null; code: string }>(
      `SELECT state, reason, code FROM ${this.schema}.sync_states WHERE resource = $1 AND provider = $2 AND account = $3 AND state IS NOT NULL`, [id, provider, account]);
    const reason = row?.reason ?? (row?.code || undefined);
    return row && { state: row.state, ...(reason === undefined ? {} : { reason }) };
  }

  /** Why the target is in quarantine; undefined where it is not. Of the target no more is told. */
  async quarantined({ provider, account }: Target): Promise<string | undefined> {
    const { rows: [told] } = await asWorker('explaining', () => this.reader.query<{ reason: string | null }>(
      `SELECT report->>'reason' AS reason FROM ${this.schema}.targets WHERE provider = $1 AND account = $2 AND report->>'health' = 'quarantined'`, [provider, account]));
    return told && (told.reason ?? 'too many calls failed');
  }

  /** Of what the caller may see: bindings that wait for their turn at the target, and until when it rests because its credentials were rejected. */
  async queue(scope: string, { provider, account }: Target, now: number): Promise<{ readonly waiting: number; readonly restsUntil?: string }> {
    const { rows: [counted] } = await this.reader.query<{ waiting: string; rejected: string }>(
      `SELECT coalesce(sum(count) FILTER (WHERE state = 'Pending'), 0) AS waiting, coalesce(sum(count) FILTER (WHERE code = 'AuthExpired'), 0) AS rejected
       FROM ${this.schema}.sync_summary WHERE tenant_path = $1 AND provider = $2 AND account = $3`, [`${scope}/`, provider, account]);
    const waiting = Number(counted?.waiting ?? 0);
    if (Number(counted?.rejected ?? 0) === 0) return { waiting };
    const { rows: [rests] } = await this.reader.query<{ until: string | null }>(
      `SELECT max(at) AS until FROM (SELECT body->>'nextRetryAt' AS at FROM ${this.schema}.sync_states
         WHERE provider = $1 AND account = $2 AND state = 'Failed' AND code = 'AuthExpired' LIMIT ${SAMPLE}) AS failures`, [provider, account]);
    return { waiting, ...(rests?.until && Date.parse(rests.until) > now ? { restsUntil: rests.until } : {}) };
  }
}

function successOf({ data, personal, time }: Ingested): Success {
  const { operation, version, intent } = data as { operation: string; version: number; intent: string };
  const { nativeArn, providerResourceId } = personal as { nativeArn?: string; providerResourceId?: string };
  return { operation, version, intent, time, nativeArn, providerResourceId };
}

export const holds = ({ standing }: SeenPause, tenant: string, { provider, account }: Target, resource: string): boolean => isSelectedBy({ tenant, provider, account, resource }, standing);
