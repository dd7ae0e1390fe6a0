import type { RecordedBindingEvent, RecordedEvent, SyncConfigPatch, SyncOperation } from '@wami/contracts';

type Started = Extract<RecordedBindingEvent, { type: 'wami.sync.started.v1' }>;
type Trigger = 'onCreate' | 'onUpdate' | 'onDelete';

const TRIGGERS = { create: 'onCreate', update: 'onUpdate', adopt: 'onUpdate', delete: 'onDelete' } as const satisfies Record<SyncOperation, Trigger>;
const OF_RESOURCES = /^wami\.(user|group|membership)\./;

/**
 * Judges attempts by what identity wrote, where the log has one order: whoever begins with what was wanted at a place has read all before it. What
 * people wanted last is begun with only where the tenant's trigger was on there, or somebody asked for it since: for a sync, or by a plan that knew of it.
 */
export class TriggerOracle {
  /** Of each resource, up to which place what was wanted of it has come about. */
  private readonly agreed = new Map<string, number>();
  /** Of each resource, what was last said to have become due, or to be made. */
  private readonly requested = new Map<string, { readonly operation: SyncOperation; readonly place: number }>();

  constructor(private readonly written: () => readonly RecordedEvent[], private readonly told: readonly RecordedEvent[], private readonly fail: (words: string) => void) {}

  hear(event: RecordedBindingEvent): void {
    const { resource, operation, intent } = event.data;
    if (event.type === 'wami.sync.started.v1') this.check(event);
    const isBegun = event.type === 'wami.sync.started.v1' && operation === 'create';
    if (isBegun || event.type === 'wami.sync.requested.v1') this.requested.set(resource, { operation, place: placeOf(intent) });
    // What is left as it is on purpose is only compared from then on.
    if (event.type === 'wami.sync.succeeded.v1' || (event.type === 'wami.sync.skipped.v1' && operation === 'update')) this.agreed.set(resource, placeOf(intent));
  }

  private check({ tenant, data: { resource, operation, intent, jobs = [] } }: Started): void {
    // Who asked for it before is not answered yet.
    if (jobs.length > 0) return;
    const read = placeOf(intent);
    const wanted = this.last(read, ({ key, type }) => key === resource && OF_RESOURCES.test(type));
    const trigger = TRIGGERS[operation];
    if (wanted === undefined || this.isOn(trigger, tenant, read) || placeOf(wanted.position) <= (this.agreed.get(resource) ?? 0)) return;
    // An edit of what was not there yet belonged to its creation.
    const requested = this.requested.get(resource);
    if (requested && requested.operation !== operation && requested.place >= placeOf(wanted.position) && this.isOn(TRIGGERS[requested.operation], tenant, requested.place)) return;
    // Whose group comes or goes is looked at again.
    const isAsked = this.written().slice(placeOf(wanted.position)).some((event) => this.asksFor(resource, wanted, event) || (operation === 'update' && event.type.startsWith('wami.group.')));
    if (!isAsked) this.fail(`an attempt to ${operation} ${resource} begins, ${trigger} of ${tenant} is off, and nobody asked for it since it was wanted at ${wanted.position}`);
  }

  private asksFor(resource: string, wanted: RecordedEvent, { type, key, data }: RecordedEvent): boolean {
    if (type !== 'wami.sync-job.requested.v1') return false;
    const { verb, plan } = data as { verb: string; plan?: string };
    if (verb !== 'apply') return true;
    const isTaken = this.told.some((event) => event.type === 'wami.sync.job-accepted.v1' && event.key === key && (event.data as { refused?: string }).refused === undefined);
    return isTaken && this.told.some((event) => event.type === 'wami.sync.planned.v1' && event.key === resource && (event.data as { plan: string }).plan === plan && event.time >= wanted.time);
  }

  private isOn(trigger: Trigger, tenant: string, read: number): boolean {
    const event = this.last(read, (one) => one.type === 'wami.tenant.sync-configured.v2' && one.tenant === tenant);
    return (event?.data as { config: SyncConfigPatch } | undefined)?.config.triggers?.[trigger] !== false;
  }

  /** The last one up to this place. */
  private last(read: number, isIt: (event: RecordedEvent) => boolean): RecordedEvent | undefined {
    return this.written().slice(0, read).findLast(isIt);
  }
}

function placeOf(position: string): number {
  return Number(position.split('.')[1]);
}
