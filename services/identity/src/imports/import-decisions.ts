import { Inject, Injectable } from '@nestjs/common';
import { EventSchemaError, parseWamiEvent, type FoundThing, type ImportEvent, type RecordedEvent, type RecordedImportEvent, type RecordedSyncImportEvent } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventLog, Subscription, SubscriptionHealth } from '@wami/event-log';
import type { EventStore } from '@wami/event-store';
import { asWorker, ProblemError, type Logger } from '@wami/platform';
import { HeardApprovals } from '../approvals/heard-approvals';
import { fold } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { eachLimited } from '../each-limited';
import { EVENT_LOG, EVENT_STORE, IDENTITY_SETTINGS, LOGGER, type IdentitySettings } from '../ports';
import { adoptedThing, importAggregate, importedId, type Import } from './import-aggregate';
import { PULLED, Pulls, type PulledEvent } from '../take-overs/pulls';
import { TAKEN_OVER, TakeOvers, type TakenOver } from '../take-overs/take-overs';
import { ImportedThings, type Importing } from './imported-things';

type Found = Extract<RecordedSyncImportEvent, { type: 'wami.sync.import-found.v1' }>;
type Decision = Extract<RecordedImportEvent, { type: 'wami.import.decided.v1' }>['data']['items'][number] & { readonly detail?: string };
type Request = NonNullable<Import['request']>;

/** An import with what its decisions rest on. */
interface Decided {
  readonly request: Request;
  readonly requested: RecordedEvent;
  readonly context: CommandContext;
}

const PARALLEL = 8;
const BATCH = 200;
/** All outcomes pass by here, and few are about imports. */
const PACE_MS = 100;
const FOUND = 'wami.sync.import-found.v1';
/** What intent is made of; all else stays sealed. */
const HEARD: ReadonlySet<string> = new Set([FOUND, TAKEN_OVER, PULLED]);

/**
 * Hears what the engines found and makes of it what was asked for. The position in their logs is kept when a batch is decided, and one chunk is
 * decided once: whoever dies on the way leaves the rest to whoever comes next, and what was made before has the same id again.
 */
@Injectable()
export class ImportDecisions {
  private readonly stop = new AbortController();
  private subscription: Subscription | undefined;

  constructor(
    private readonly things: ImportedThings, private readonly takeOvers: TakeOvers, private readonly pulls: Pulls, private readonly commands: CommandHandler, private readonly approvals: HeardApprovals, @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(EVENT_LOG) private readonly log: EventLog, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings, @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const { syncSources } = this.settings;
    if (syncSources.length === 0) return;
    this.subscription = await this.log.subscribe({
      group: 'identity-imports', sources: syncSources, from: 'beginning', batchSize: BATCH, paceMs: PACE_MS, sealed: ({ type }) => !HEARD.has(type),
      checkpoints: { schema: this.store.schema },
      onBatch: ({ events }) => asWorker('imports', () => this.decideAll(events)),
    });
  }

  health(): SubscriptionHealth {
    return this.subscription?.health() ?? { ok: true };
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.subscription?.close();
  }

  private async decideAll(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const known = HEARD.has(event.type) ? this.readable(event) : undefined;
      if (known?.type === FOUND) await this.decide(known);
      else if (known?.type === PULLED) await this.pulls.take(known);
      else if (known) await this.takeOvers.take(known);
      await this.approvals.hear(event);
    }
  }

  /** What this release cannot read is left: nothing is made of it. */
  private readable(event: RecordedEvent): Found | TakenOver | PulledEvent | undefined {
    try {
      return parseWamiEvent(event) as Found | TakenOver | PulledEvent;
    } catch (error) {
      if (!(error instanceof EventSchemaError)) throw error;
      this.logger.warn({ event: event.id, error: error.message }, 'what an engine found cannot be read and is passed over');
      return undefined;
    }
  }

  private async decide(found: Found): Promise<void> {
    const [requested, ...rest] = await this.store.readStream(found.data.job);
    const { state } = fold(importAggregate, found.data.job, requested ? [requested, ...rest] : []);
    if (!requested || !state.request?.adopt || state.decided >= found.data.chunk) return;
    const importing: Decided = { request: state.request, requested, context: contextOf(requested, state.request, found) };
    const items = found.data.items.filter(({ obstacle }) => obstacle === undefined);
    const decisions = await eachLimited(items, PARALLEL, ({ item }) => this.decideOne(importing, found, item));
    await this.record(importing, found, decisions);
  }

  private async decideOne({ request, requested, context }: Decided, { data, personal }: Found, item: string): Promise<Decision> {
    if (this.stop.signal.aborted) throw new Error('identity is closing: the rest of the import is decided later');
    const thing = personal.things[item];
    if (!thing) return { item, outcome: 'refused', code: 'NotFound', detail: 'what was found was forgotten meanwhile' };
    const { kind, job } = data;
    const adopts = { provider: request.provider, account: request.account, providerResourceId: thing.providerResourceId, name: thing.nativeName, job, item };
    const importing: Importing = { id: importedId(kind, requested, item), tenant: requested.tenant, kind, thing, adopts };
    const refusal = await this.refusal(context, importing);
    if (refusal) return { item, outcome: 'refused', ...refusal };
    await this.relateAll(context, importing, requested, thing);
    return { item, outcome: 'imported', resource: importing.id };
  }

  private async refusal(context: CommandContext, importing: Importing): Promise<{ code: string; detail: string } | undefined> {
    const holder = await this.store.findName(adoptedThing(importing.adopts));
    if (holder === importing.id || (await this.store.readStream(importing.id)).length > 0) return undefined;
    if (holder !== undefined) return { code: 'AlreadyImported', detail: 'another import has it' };
    try {
      await this.things.create(context, importing);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProblemError && error.status < 500)) throw error;
      // Another process may be deciding the same.
      if ((await this.store.readStream(importing.id)).length > 0) return undefined;
      return { code: error.code, detail: error.message };
    }
  }

  private async relateAll(context: CommandContext, { id, kind }: Importing, requested: RecordedEvent, { related }: FoundThing): Promise<void> {
    if (kind !== 'user') return;
    for (const { facet, resource, item } of related) {
      const group = resource ?? (item === undefined ? undefined : importedId('group', requested, item));
      if (facet === 'groups' && group !== undefined) await this.things.relate(context, id, group);
    }
  }

  private async record({ requested, context }: Decided, { data: { job, chunk } }: Found, decisions: readonly Decision[]): Promise<void> {
    const details = Object.fromEntries(decisions.flatMap(({ item, detail }) => (detail === undefined ? [] : [[item, detail]])));
    const event = eventAbout<ImportEvent>('sync-job', { id: job, tenant: requested.tenant, instance: this.settings.instance }, {
      type: 'wami.import.decided.v1', data: { chunk, items: decisions.map(({ detail: _detail, ...decision }) => decision) }, personal: { details },
    });
    await this.commands.execute(context, importAggregate, () => ({
      stream: job, plan: ({ state }) => ({ tenant: requested.tenant, events: state.decided >= chunk ? [] : [event], status: 204, closes: true }),
    }));
  }
}

/** In the name of who asked for the import, and no further than they see. */
function contextOf({ meta }: RecordedEvent, { scope }: Request, found: Found): CommandContext {
  return { caller: { actor: meta.actor, role: 'admin', tenant: scope }, meta: { actor: meta.actor, correlationId: meta.correlationId, ...(meta.traceparent === undefined ? {} : { traceparent: meta.traceparent }), causationId: found.id }, dryRun: false };
}
