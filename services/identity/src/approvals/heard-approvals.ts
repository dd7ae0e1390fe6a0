import { Inject, Injectable } from '@nestjs/common';
import { EventSchemaError, parseWamiEvent, SYNC_APPROVAL_EVENTS, type ApprovalEvent, type RecordedEvent, type RecordedSyncApprovalEvent } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { Logger } from '@wami/platform';
import { CommandHandler } from '../commands/command-handler';
import type { CommandContext } from '../commands/command-context';
import { IDENTITY_SETTINGS, LOGGER, type IdentitySettings } from '../ports';
import { approvalAggregate, type Approval } from './approval-aggregate';

const TYPES: ReadonlySet<string> = new Set(SYNC_APPROVAL_EVENTS.map(({ type }) => type));

/** Writes down what engines' guards ask for, so that somebody can decide about it. */
@Injectable()
export class HeardApprovals {
  constructor(private readonly commands: CommandHandler, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings, @Inject(LOGGER) private readonly logger: Logger) {}

  /** Each event once, however often it is heard. */
  async hear(event: RecordedEvent): Promise<void> {
    const said = TYPES.has(event.type) ? this.readable(event) : undefined;
    if (!said) return;
    const { approval: id } = said.data;
    await this.commands.execute(contextOf(said), approvalAggregate, () => ({
      stream: id,
      plan: ({ state }) => {
        const follows = followsFrom(state, said);
        const events = follows ? [eventAbout<ApprovalEvent>('approval', { id, tenant: said.tenant, instance: this.settings.instance }, { ...follows, personal: {} })] : [];
        return { tenant: said.tenant, events, status: 204, closes: true };
      },
    }));
  }

  /** What this release cannot read is left: nobody can approve it. */
  private readable(event: RecordedEvent): RecordedSyncApprovalEvent | undefined {
    try {
      return parseWamiEvent(event) as RecordedSyncApprovalEvent;
    } catch (error) {
      if (!(error instanceof EventSchemaError)) throw error;
      this.logger.warn({ event: event.id, error: error.message }, 'what a guard asks cannot be read and is passed over');
      return undefined;
    }
  }
}

function followsFrom({ parts, status }: Approval, { type, data }: RecordedSyncApprovalEvent): Pick<ApprovalEvent, 'type' | 'data'> | undefined {
  if (type === 'wami.sync.guard-released.v1') return status === 'closed' || data.why === 'approved' ? undefined : { type: 'wami.approval.closed.v1', data: { why: data.why } };
  const { provider, account, part, held, hash, expiresAt } = data;
  return part <= parts.length ? undefined : { type: 'wami.approval.asked.v1', data: { provider, account, part, held, hash, expiresAt } };
}

function contextOf({ id, meta: { correlationId } }: RecordedEvent): CommandContext {
  const actor = 'identity';
  return { caller: { actor, role: 'admin', tenant: '' }, meta: { actor, correlationId, causationId: id }, dryRun: false };
}
