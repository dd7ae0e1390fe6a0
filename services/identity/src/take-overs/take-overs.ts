import { Inject, Injectable } from '@nestjs/common';
import { MAX_TAGS, tagsPatchSchema, type RecordedEvent, type RecordedSyncDriftEvent, type ResourceKind } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import { ProblemError, type Logger } from '@wami/platform';
import { Attachments } from '../attachments/attachments';
import type { CommandContext } from '../commands/command-context';
import { Memberships } from '../memberships/memberships';
import { EVENT_STORE, LOGGER } from '../ports';
import { KNOWN_KINDS } from '../resources/known-kinds';
import { ResourceCommands } from '../resources/resource-commands';

export type TakenOver = Extract<RecordedSyncDriftEvent, { type: 'wami.sync.taken-over.v1' }>;

export const TAKEN_OVER = 'wami.sync.taken-over.v1';

/**
 * Makes intent of what engines found at targets that were merged, by the same rules as if somebody had asked for it, and only where the resource says
 * nothing of its own. What the rules refuse stays the target's own. Done twice it is done once.
 */
@Injectable()
export class TakeOvers {
  constructor(
    private readonly resources: ResourceCommands, private readonly memberships: Memberships, private readonly attachments: Attachments,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async take({ id: event, data, personal, meta, tenant, source }: TakenOver & Pick<RecordedEvent, 'id'>): Promise<void> {
    const context: CommandContext = { caller: { actor: source, role: 'admin', tenant }, meta: { ...meta, actor: source, causationId: event }, dryRun: false };
    await this.unlessRefused(event, () => this.addTags(context, data.kind, data.resource, personal.tags ?? {}));
    for (const [facet, others] of Object.entries(data.relations)) {
      for (const other of others) await this.unlessRefused(event, () => this.relate(context, facet, data.kind, data.resource, other));
    }
  }

  private async addTags(context: CommandContext, kind: string, id: string, found: Readonly<Record<string, string>>): Promise<void> {
    const known = kind in KNOWN_KINDS ? KNOWN_KINDS[kind as ResourceKind] : undefined;
    const document = known?.document(id, await this.store.readStream(id)) as { readonly tags?: Readonly<Record<string, string>> } | undefined;
    if (!known || !document) return;
    const own = document.tags ?? {};
    const fitting = Object.entries(found).filter(([key, value]) => !(key in own) && tagsPatchSchema.safeParse({ [key]: value }).success).slice(0, MAX_TAGS - Object.keys(own).length);
    if (fitting.length > 0) await known.patch(this.resources, context, id, { tags: Object.fromEntries(fitting) });
  }

  private async relate(context: CommandContext, facet: string, kind: string, id: string, other: string): Promise<void> {
    if (facet === 'groups') await this.memberships.add(context, other, id);
    else if (facet === 'policies' && kind !== 'policy') await this.attachments.add(context, { kind: kind as 'user', collection: `${kind}s`, id }, other);
  }

  private async unlessRefused(event: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ProblemError && error.status < 500)) throw error;
      this.logger.info({ event, code: error.code }, 'what a target alone had cannot become intent and stays its own');
    }
  }
}
