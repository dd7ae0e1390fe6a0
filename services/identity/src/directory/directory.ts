import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { comparePositions, ID_PREFIXES, LOG_START, tenantLineage, type LogPosition, type Target } from '@wami/contracts';
import type { StandingPause } from '@wami/domain';
import { createPostgresEventLog, loggedOf, type EventBatch, type EventLog, type Subscription, type SubscriptionHealth } from '@wami/event-log';
import { inTransaction, scopedReader, type EventStore } from '@wami/event-store';
import { ProblemError, scopedTenant, type Logger } from '@wami/platform';
import type { Pool } from 'pg';
import { EVENT_STORE, LOGGER, POOL } from '../ports';
import { foldPage } from './directory-changes';
import { writeChanges } from './directory-writer';
import { LeftOut } from './left-out';

const CATCH_UP_MS = 10_000;
const POLL_MS = 10;
/** Few read it, and who does waits until it has caught up: under load many commands share a transaction. */
const PACE_MS = 100;

/** Part of the tenant tree $1; '' is everything. '0' follows '/' in the collation "C", so an index finds the descendants. */
const WITHIN = (column: string): string => `($1 = '' OR ${column} = $1 OR (${column} > $1 || '/' AND ${column} < $1 || '0'))`;

/** A user in a group, or a policy on its owner. */
export interface RelationRow {
  readonly id: string;
  readonly kind: 'membership' | 'attachment';
  /** Of the user or of the owner of the policy. */
  readonly tenant: string;
  /** The group or the policy. */
  readonly toId: string;
  /** The user or the owner of the policy. */
  readonly ofId: string;
}

/** Owner -> ids of the other ends. */
export type Facet = ReadonlyMap<string, readonly string[]>;

/**
 * Which tenants, resources and memberships there are, for lists and for housekeeping: folded from identity's own events with the
 * position saved beside the rows. It reads the service's own table whatever the transport of the log is, so it works while a broker is away.
 */
@Injectable()
export class Directory {
  private readonly log: EventLog;
  private subscription: Subscription | undefined;
  private onTasks: () => void = () => undefined;
  private readonly leftOut: LeftOut;
  private unread = 0;

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore, @Inject(POOL) private readonly pool: Pool, @Inject(LOGGER) private readonly logger: Logger) {
    this.leftOut = new LeftOut(store.schema);
    this.log = createPostgresEventLog({ pool, sources: [{ source: store.source, schema: store.schema }] });
  }

  /** @param onTasks called after a page that may have brought work. */
  async start(onTasks: () => void): Promise<void> {
    this.onTasks = onTasks;
    await inTransaction(this.pool, async (client) => writeChanges(client, this.store.schema, foldPage(await this.leftOut.readable(client))));
    this.unread = await this.leftOut.count(this.pool);
    this.subscription = await this.log.subscribe({
      group: 'identity-housekeeping', sources: [this.store.source], from: 'beginning', sealed: true, paceMs: PACE_MS, checkpoints: { schema: this.store.schema },
      onBatch: (batch) => this.apply(batch),
    });
  }

  health(): SubscriptionHealth {
    const health = this.subscription?.health();
    if (health?.ok && this.unread > 0) return { ok: true, reason: `${this.unread} of identity's own events cannot be read by this release` };
    return health ?? { ok: false, reason: 'the directory of tenants and relations is not started' };
  }

  async close(): Promise<void> {
    await this.log.close();
  }

  /** Resolves when everything that is committed now is in the directory. @throws ProblemError ConsistencyTimeout after 10 s */
  async caughtUp(): Promise<void> {
    const head = await this.store.head();
    const deadline = Date.now() + CATCH_UP_MS;
    while (comparePositions(await this.position(), head) < 0) {
      if (Date.now() > deadline) throw new ProblemError('ConsistencyTimeout', { retryAfter: 1 });
      await pause(POLL_MS);
    }
  }

  async tenantPaths(asked: { readonly within: string; readonly parent?: string; readonly after: string; readonly limit: number }): Promise<string[]> {
    const { rows } = await this.query<{ path: string }>(
      `SELECT path FROM {schema}.directory_tenants WHERE ${WITHIN('path')} AND ($2::text IS NULL OR parent = $2) AND path > $3 ORDER BY path LIMIT $4`,
      [asked.within, asked.parent ?? null, asked.after, asked.limit]);
    return rows.map(({ path }) => path);
  }

  /** Targets that the tenants of a tree name themselves; what they inherit from above it is not in here. */
  async targetsWithin(tenant: string): Promise<Target[]> {
    const { rows } = await this.query<Target>(
      `SELECT DISTINCT target->>'provider' AS provider, target->>'account' AS account
       FROM {schema}.directory_tenants, jsonb_array_elements(providers) AS target WHERE ${WITHIN('path')} ORDER BY 1, 2`, [tenant]);
    return rows;
  }

  async resourcesWithin(tenant: string, limit: number): Promise<{ readonly id: string; readonly kind: string }[]> {
    const { rows } = await this.query<{ id: string; kind: string }>(`SELECT id, kind FROM {schema}.directory_resources WHERE ${WITHIN('tenant')} LIMIT $2`, [tenant, limit]);
    return rows;
  }

  /** Memberships and attachments of what is in a tenant tree, by id. Those of which an end is gone count no more. */
  async relationsWithin({ within, after, limit }: { readonly within: string; readonly after: string; readonly limit: number }): Promise<RelationRow[]> {
    const { rows } = await this.query<RelationRow>(
      `SELECT * FROM (
         SELECT m.id, 'membership' AS kind, m.group_id AS "toId", m.user_id AS "ofId", r.tenant FROM {schema}.directory_memberships m
           JOIN {schema}.directory_resources r ON r.id = m.user_id JOIN {schema}.directory_resources g ON g.id = m.group_id
           WHERE ${WITHIN('r.tenant')} AND m.id > $2
         UNION ALL
         SELECT a.id, 'attachment' AS kind, a.policy_id AS "toId", a.owner_id AS "ofId", r.tenant FROM {schema}.directory_attachments a
           JOIN {schema}.directory_resources r ON r.id = a.owner_id JOIN {schema}.directory_resources p ON p.id = a.policy_id
           WHERE ${WITHIN('r.tenant')} AND a.id > $2
       ) AS relations ORDER BY id LIMIT $3`, [within, after, limit]);
    return rows;
  }

  /** A user's or group's memberships after the given one. */
  async membershipsOf(end: string, after: string, limit: number): Promise<{ readonly id: string; readonly groupId: string; readonly userId: string }[]> {
    const { rows } = await this.query<{ id: string; groupId: string; userId: string }>(
      `SELECT id, group_id AS "groupId", user_id AS "userId" FROM {schema}.directory_memberships
       WHERE (group_id = $1 OR user_id = $1) AND id > $2 ORDER BY id LIMIT $3`, [end, after, limit]);
    return rows;
  }

  /** Attachments of a policy, or of something that has policies, after the given one. */
  async attachmentsOf(end: string, after: string, limit: number): Promise<{ readonly id: string; readonly policyId: string; readonly ownerId: string }[]> {
    const { rows } = await this.query<{ id: string; policyId: string; ownerId: string }>(
      `SELECT id, policy_id AS "policyId", owner_id AS "ownerId" FROM {schema}.directory_attachments
       WHERE (policy_id = $1 OR owner_id = $1) AND id > $2 ORDER BY id LIMIT $3`, [end, after, limit]);
    return rows;
  }

  /** Id of the login profile of a user, once all that was written by now is here. */
  async loginProfileOf(owner: string): Promise<string | undefined> {
    await this.caughtUp();
    const { rows } = await this.query<{ id: string }>(`SELECT id FROM {schema}.directory_access_keys WHERE owner_id = $1 AND id LIKE '${ID_PREFIXES['login-profile']}\\_%' LIMIT 1`, [owner]);
    return rows[0]?.id;
  }

  /** Access keys, login profiles and MFA devices of somebody after the given one. */
  async belongingsOf(owner: string, after: string, limit: number): Promise<{ readonly id: string }[]> {
    const { rows } = await this.query<{ id: string }>('SELECT id FROM {schema}.directory_access_keys WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3', [owner, after, limit]);
    return rows;
  }

  /** Attachments of all of these, in the order of their owners; those of one that is gone count no more. */
  async policiesOf(owners: readonly string[], limit: number): Promise<{ readonly policyId: string; readonly ownerId: string }[]> {
    const { rows } = await this.query<{ policyId: string; ownerId: string }>(
      `SELECT policy_id AS "policyId", owner_id AS "ownerId" FROM {schema}.directory_attachments a WHERE owner_id = ANY($1::text[])
         AND EXISTS (SELECT 1 FROM {schema}.directory_resources r WHERE r.id = a.owner_id)
       ORDER BY array_position($1::text[], owner_id), policy_id LIMIT $2`, [owners, limit]);
    return rows;
  }

  /** Groups and policies of all of these by their owner's id, and the place in the log up to which that is complete; what came later may be in it already. */
  async facetsOf(owners: readonly string[]): Promise<{ readonly upTo: LogPosition; readonly groups: Facet; readonly policies: Facet }> {
    const upTo = await this.position();
    const facet = async (table: string, owner: string, other: string): Promise<Facet> => {
      const { rows } = await this.query<{ owner: string; others: string[] }>(
        `SELECT ${owner} AS owner, array_agg(${other} ORDER BY ${other}) AS others FROM {schema}.${table} WHERE ${owner} = ANY($1::text[]) GROUP BY 1`, [owners]);
      return new Map(rows.map((row) => [row.owner, row.others]));
    };
    return { upTo, groups: await facet('directory_memberships', 'user_id', 'group_id'), policies: await facet('directory_attachments', 'owner_id', 'policy_id') };
  }

  /** What has this policy as its permissions boundary, at most `limit`. */
  async boundedBy(policyId: string, limit: number): Promise<string[]> {
    const { rows } = await this.query<{ id: string }>(
      'SELECT owner_id AS id FROM {schema}.directory_boundaries WHERE policy_id = $1 ORDER BY owner_id LIMIT $2', [policyId, limit]);
    return rows.map(({ id }) => id);
  }

  /** Pauses of a tenant, of those above and of those below it, that were not ended. Own and below first, oldest first. */
  async pausesAround(tenant: string, limit: number): Promise<StandingPause[]> {
    const { rows } = await this.query<{ pause: StandingPause }>(
      `SELECT pause FROM {schema}.directory_pauses WHERE ${WITHIN('tenant')} OR tenant = ANY($2::text[]) ORDER BY ${WITHIN('tenant')} DESC, id LIMIT $3`,
      [tenant, tenant === '' ? [] : ['', ...tenantLineage(tenant)], limit]);
    return rows.map(({ pause }) => pause);
  }

  /** True where resources, API keys, pauses or child tenants are in it; what a deleted resource left behind does not count. */
  async holdsAnything(tenant: string): Promise<boolean> {
    await this.caughtUp();
    const { rows } = await this.query(
      `SELECT 1 FROM {schema}.directory_resources WHERE ${WITHIN('tenant')} UNION ALL SELECT 1 FROM {schema}.directory_tenants WHERE parent = $1 LIMIT 1`, [tenant]);
    return rows.length > 0;
  }

  private async apply(batch: EventBatch): Promise<void> {
    const { tasks, parked } = await inTransaction(this.pool, async (client) => {
      const sifted = await this.leftOut.sift(client, batch.events);
      const changes = foldPage(sifted.known);
      await writeChanges(client, this.store.schema, changes);
      await batch.savePosition(client);
      return { tasks: changes.tasks, parked: sifted.parked };
    });
    for (const one of parked) this.logger.error(loggedOf(one), 'an event of identity cannot be read and is left out');
    this.unread += parked.length;
    if (tasks.length > 0) this.onTasks();
  }

  private async position(): Promise<LogPosition> {
    return (await this.subscription?.position())?.[this.store.source] ?? LOG_START;
  }

  private query<Row extends object>(text: string, values: unknown[]): Promise<{ rows: Row[] }> {
    return scopedReader(this.pool, scopedTenant).query<Row>(text.replaceAll('{schema}', `"${this.store.schema}"`), values);
  }
}
