import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_PLAN_SECONDS, ID_PREFIXES, RESOURCE_KINDS, type NewEvent, type RecordedEvent, type RecordedRepairEvent } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import { inTransaction, type EventStore } from '@wami/event-store';
import type { Pool, PoolClient } from 'pg';
import { Tasks, type Task } from '../housekeeping/tasks';
import { EVENT_STORE, IDENTITY_SETTINGS, POOL, type IdentitySettings } from '../ports';
import type { RepairStreamEvent } from './repair-aggregate';
import { StatedResources, type StatedResource } from './stated-resources';

type Requested = Extract<RecordedRepairEvent, { type: 'wami.repair.requested.v1' }>;

interface Progress {
  readonly cursor: string;
  readonly stated: number;
}

const PAGE = 100;
/** In one go. */
const PAGES = 20;
/** What changes while it is stated is stated again, so often at most. */
const ROUNDS = 5;
const PREFIXES: readonly string[] = RESOURCE_KINDS.map((kind) => `${ID_PREFIXES[kind]}_`).sort();

/**
 * States every resource of a repair's tenant, deleted ones too, page by page; how far it came stands beside the statements, so whoever comes next goes on
 * there. A consumer that lost a resource folds the edits before its statement into nothing, so what changed between reading and stating is stated once more.
 */
@Injectable()
export class RepairStatements {
  constructor(
    private readonly resources: StatedResources, private readonly tasks: Tasks, @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(POOL) private readonly pool: Pool,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** The next pages, or the end. True where nothing is left; else there is other work to be done first. */
  async stateSome(task: Task, signal: AbortSignal): Promise<boolean> {
    for (let page = 0; page < PAGES && !signal.aborted; page++) {
      if (await this.stateNext(task.subject)) return true;
      await this.tasks.stillAtIt(task);
    }
    return false;
  }

  private async stateNext(repair: string): Promise<boolean> {
    const [requested, ...more] = await this.store.readStream(repair, 2);
    if (more.length === 0) await this.pool.query(`INSERT INTO ${this.table} (repair) VALUES ($1) ON CONFLICT DO NOTHING`, [repair]);
    const progress = await this.progress(this.pool, repair, '');
    if (!progress || requested?.type !== 'wami.repair.requested.v1') return true;
    const about = requested as RecordedEvent & Requested;
    const page = await this.nextPage(about.tenant, progress.cursor);
    const last = page.at(-1);
    if (last === undefined) {
      await this.tell(about);
      return true;
    }
    await this.statePage(about, page);
    await this.pool.query(`UPDATE ${this.table} SET cursor = $2 WHERE repair = $1 AND cursor < $2`, [repair, last]);
    return false;
  }

  private async nextPage(tenant: string, after: string): Promise<readonly string[]> {
    for (const prefix of PREFIXES.filter((one) => `${one}~` > after)) {
      const page = await this.store.streamsWithin({ tenant, prefix, after, limit: PAGE });
      if (page.length > 0) return page;
    }
    return [];
  }

  private async statePage(requested: Requested, ids: readonly string[]): Promise<void> {
    for (let round = 1, left = await this.resources.read(ids); left.length > 0 && round <= ROUNDS; round++) {
      const said = left;
      const [first] = await this.append(requested, said.map((one) => statement(requested, one)), false);
      left = first ? await this.resources.changed(said, first.position) : [];
    }
  }

  /** There is no more; and the engines are asked to look at the clouds, in the same transaction. */
  private async tell(requested: Requested): Promise<void> {
    const { stream, tenant, data: { dryRun, targets } } = requested;
    const event = (one: Pick<RepairStreamEvent, 'type' | 'data' | 'personal'>): NewEvent => eventAbout<RepairStreamEvent>('repair', { id: stream, tenant, instance: this.settings.instance }, one);
    const asked = { scope: tenant, filter: { tenant }, targets };
    const expiresAt = new Date(Date.now() + DEFAULT_PLAN_SECONDS * 1000).toISOString();
    const cloud = dryRun ? { type: 'wami.plan.requested.v1' as const, data: { ...asked, expiresAt }, personal: {} } : { type: 'wami.sync-job.requested.v1' as const, data: { verb: 'sync' as const, ...asked }, personal: {} };
    await this.append(requested, ({ stated }) => [event({ type: 'wami.repair.told.v1', data: { stated }, personal: {} }), event(cloud)], true);
  }

  /** Nothing where somebody else told the end meanwhile. */
  private async append({ id, stream, tenant, meta }: Requested, events: readonly NewEvent[] | ((progress: Progress) => readonly NewEvent[]), closes: boolean): Promise<readonly RecordedEvent[]> {
    if (typeof events !== 'function') await this.store.holdKeys(events.map(({ key }) => key));
    const appended = await inTransaction(this.pool, async (client) => {
      const progress = await this.progress(client, stream, 'FOR UPDATE');
      if (!progress) return [];
      const said = typeof events === 'function' ? events(progress) : events;
      const recorded = await this.store.appendIn(client, [{ stream, tenant, expectedVersion: 1 + progress.stated, events: said, meta: { ...meta, causationId: id }, closes }]);
      if (closes) await client.query(`DELETE FROM ${this.table} WHERE repair = $1`, [stream]);
      else await client.query(`UPDATE ${this.table} SET stated = stated + $2 WHERE repair = $1`, [stream, said.length]);
      return recorded;
    });
    this.store.announce();
    return appended;
  }

  private async progress(db: Pool | PoolClient, repair: string, lock: 'FOR UPDATE' | ''): Promise<Progress | undefined> {
    const { rows: [row] } = await (db as Pool).query<Progress>(`SELECT cursor, stated FROM ${this.table} WHERE repair = $1 ${lock}`, [repair]);
    return row;
  }

  private get table(): string {
    return `"${this.store.schema}".repairs`;
  }
}

function statement({ stream, tenant, data: { dryRun } }: Requested, { data, ...about }: StatedResource): NewEvent {
  return { type: 'wami.repair.stated.v1', stream, ...about, data: { repair: stream, within: tenant, dryRun, ...data } };
}
