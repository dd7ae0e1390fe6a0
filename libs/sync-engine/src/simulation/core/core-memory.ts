import { laterPosition, LOG_START, type EventMeta, type RecordedEvent, type RecordedSyncJobEvent, type RecordedTenantEvent, type SyncOperation } from '@wami/contracts';
import { turnedOff, type StandingPause } from '@wami/domain';
import type { Binding } from '../../bindings/binding';
import type { BindingChange } from '../../database/engine-database';
import { causedBy } from '../../fold/fold-resources';
import type { Resource } from '../../fold/resource';
import type { TenantRow } from '../../fold/settings';
import { jobAccepted } from '../../jobs/job-accepted';
import { ACCOUNT } from '../../spec-support/identity';
import type * as PureCore from './pure-core';

export const PROVIDER = 'aws';

/** What the engine keeps in its tables, in maps, with the folds that need them: the memory of the core simulation. */
export class CoreMemory {
  readonly told: RecordedEvent[] = [];
  readonly resources = new Map<string, Resource>();
  readonly bindings = new Map<string, Binding>();
  /** owner -> facet -> ids of the other ends. */
  readonly relations = new Map<string, Map<string, Set<string>>>();
  pauses: readonly StandingPause[] = [];
  private readonly tenants = new Map<string, TenantRow>();

  constructor(private readonly core: typeof PureCore, private readonly now: () => number) {}

  settings(): PureCore.SettingsBook {
    return new this.core.SettingsBook(new Map([...this.tenants.values()].map((tenant) => [tenant.path, tenant])));
  }

  write(changes: readonly BindingChange[]): void {
    for (const { binding, events } of changes) {
      this.bindings.set(binding.resource, { ...binding, streamVersion: binding.streamVersion + events.length });
      for (const event of events) this.tell(event as RecordedEvent);
    }
  }

  note(resource: string, groundwork: Binding['groundwork']): void {
    const binding = this.bindings.get(resource);
    if (binding) this.bindings.set(resource, { ...binding, groundwork });
  }

  /** One event of identity. */
  fold(event: RecordedEvent): void {
    if (event.type.startsWith('wami.tenant.')) return this.foldTenant(event as RecordedTenantEvent);
    if (event.type.startsWith('wami.pause.')) return this.foldPause(event);
    if (event.type === 'wami.sync-job.requested.v1') return this.acceptJob(event as RecordedSyncJobEvent);
    this.foldResource(event);
  }

  isRelated(owner: string, other: string): boolean {
    return [...this.relations.get(owner)?.values() ?? []].some((others) => others.has(other));
  }

  private tell(event: Pick<RecordedEvent, 'type' | 'key' | 'stream' | 'tenant' | 'data' | 'personal'>): void {
    this.told.push({ ...event, id: `evt_${this.told.length}`, time: new Date(this.now()).toISOString() } as unknown as RecordedEvent);
  }

  private foldTenant(event: RecordedTenantEvent): void {
    const before = this.tenants.get(event.stream) ?? { id: event.stream, path: event.tenant, gone: false, config: {}, intent: LOG_START };
    const after = this.core.evolveTenant(before, event);
    this.tenants.set(event.stream, after);
    const retag = JSON.stringify([before.config.tags, before.config.direction]) !== JSON.stringify([after.config.tags, after.config.direction]);
    const stopped = turnedOff(before.config.triggers, after.config.triggers);
    for (const resource of [...this.resources.values()]) this.reconsider(resource, { causes: new Map(), cause: causedBy(event), retag, stopped, lane: 1, appeared: [] });
  }

  private foldPause(event: RecordedEvent): void {
    if (event.type === 'wami.pause.started.v1') {
      this.pauses = [...this.pauses, { id: event.stream, tenant: event.tenant, ...event.data as object }];
      return;
    }
    this.pauses = this.pauses.filter(({ id }) => id !== event.stream);
    const released = [...this.bindings.values()].filter(({ pausedBy }) => pausedBy === event.stream);
    this.write(released.map((binding) => this.core.changeOf(PROVIDER, { binding: this.core.again(binding, this.now(), causedBy(event)), requested: true }, this.versionOf(binding))));
    for (const binding of released) this.wakePaused(binding);
  }

  private foldResource(event: RecordedEvent): void {
    const { core } = this;
    const relation = core.relationChange(event);
    const own = relation ? undefined : core.kindOfEvent(event);
    if (!relation && !own) return;
    const id = relation?.owner ?? event.stream;
    const known = this.resources.get(id);
    const before: Resource = known
      ?? { id, kind: relation?.ownerKind ?? own?.kind ?? '', tenant: event.tenant, subject: '', version: 0, deleted: false, document: null, intent: event.position };
    const changed = own ? { ...own.evolve(before, event), version: event.version, tenant: event.tenant, subject: event.subject } : {};
    const after: Resource = { ...before, ...changed, intent: laterPosition(before.intent, event.position) };
    this.resources.set(id, after);
    if (relation) this.relate(relation);
    const appeared = core.isOtherEnd(after.kind) && after.document !== null && !known?.document ? [id] : [];
    this.reconsider(after, { causes: new Map([[id, causedBy(event)]]), cause: causedBy(event), retag: false, lane: 0, appeared });
  }

  private relate({ owner, facet, other, present }: NonNullable<ReturnType<typeof PureCore.relationChange>>): void {
    const facets = this.relations.get(owner) ?? new Map<string, Set<string>>();
    this.relations.set(owner, facets);
    const others = facets.get(facet) ?? new Set<string>();
    facets.set(facet, others);
    if (present) others.add(other);
    else others.delete(other);
  }

  private reconsider(resource: Resource, reason: { causes: ReadonlyMap<string, EventMeta>; cause: EventMeta; retag: boolean; stopped?: readonly SyncOperation[]; lane: 0 | 1; appeared: readonly string[] }): void {
    if (resource.document === null) return;
    const before = this.bindings.get(resource.id);
    const ends = new Set(reason.appeared);
    for (const [, evaluated] of this.core.evaluateAll(before ? [before] : [], resource, this.settings().of(resource.tenant), PROVIDER, { ...reason, now: this.now() })) {
      this.write([this.core.changeOf(PROVIDER, evaluated, resource)]);
      if (this.core.isOtherEnd(resource.kind) && before?.wanted !== evaluated.binding.wanted) ends.add(resource.id);
    }
    for (const binding of this.bindings.values()) {
      const boundary = this.core.boundaryOf(this.resources.get(binding.resource) ?? { document: null });
      const isOwner = [...this.relations.get(binding.resource)?.values() ?? []].some((others) => [...ends].some((end) => others.has(end))) || (boundary !== undefined && ends.has(boundary));
      if (isOwner && binding.wanted && !binding.deleted && !binding.held) this.wake(binding);
    }
  }

  /** Due for a reason that lies around it. */
  wake(binding: Binding): void {
    this.bindings.set(binding.resource, { ...binding, dueAt: this.now(), generation: binding.generation + 1, waitingFor: null });
  }

  /** Who waits for it, for a pause began to hold it, or holds it no more. */
  wakePaused({ resource }: Pick<Binding, 'resource'>): void {
    const keys = new Set(this.core.aboutPause(resource));
    for (const binding of [...this.bindings.values()]) if (keys.has(binding.waitingFor ?? '') && (!binding.held || binding.plan !== null)) this.wake(binding);
  }

  /** To be compared, for the same; who is to be tried again later, or is held, when that comes. */
  compare(binding: Binding): void {
    const { dueAt, claimed, pausedBy, guardedBy, state } = binding;
    const rests = dueAt === null && !claimed && pausedBy === null && guardedBy === null && (state === 'Synced' || state === 'Skipped' || state === 'Pending');
    this.bindings.set(binding.resource, { ...binding, verifySince: this.now(), generation: binding.generation + 1, ...(rests ? { dueAt: this.now(), waitingFor: null, lane: 1 } : {}) });
  }

  private acceptJob(job: RecordedSyncJobEvent): void {
    const asked = [...this.bindings.values()].filter(({ wanted, deleted, presence, state }) =>
      (wanted || (deleted && presence !== null)) && state !== 'Gone' && (job.data.verb !== 'retry' || state === 'Failed'));
    this.write(asked.map((binding) => this.core.demand(PROVIDER, binding, this.resources.get(binding.resource), job, this.now())));
    for (const event of jobAccepted(PROVIDER, job, ACCOUNT, asked.length).events) this.tell(event as RecordedEvent);
  }

  private versionOf({ resource }: Binding): { version: number } {
    return this.resources.get(resource) ?? { version: 0 };
  }
}
