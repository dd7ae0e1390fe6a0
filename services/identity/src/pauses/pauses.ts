import { Inject, Injectable } from '@nestjs/common';
import { formatArn, type PauseSync, type PauseView } from '@wami/contracts';
import { pauseDecider, type Pause } from '@wami/domain';
import { newId } from '@wami/platform';
import { pauseAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done } from '../commands/command-handler';
import type { Answer } from '../http/answers';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { pauseQuota } from '../tenants/quotas';
import { PauseSelections } from './pause-selections';

/** Begins pauses. A pause is an event like any other: the engines heed it when they read it, and nobody is called. */
@Injectable()
export class Pauses {
  constructor(
    private readonly commands: CommandHandler, private readonly selections: PauseSelections, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @throws ProblemError NotFound, ValidationFailed, TenantDeleting, QuotaExceeded */
  async pause(context: CommandContext, { reason, until, ...asked }: PauseSync): Promise<Answer<PauseView>> {
    const stream = newId('pause');
    const done = await this.commands.execute(context, pauseAggregate, () => ({
      stream, isNew: true,
      plan: async ({ state }) => {
        const { selection: { tenant, ...selected }, line } = await this.selections.of(context.caller, asked, true);
        const ref = { id: stream, tenant, instance: this.settings.instance };
        const pause = { ...selected, reason, ...(until === undefined ? {} : { until }) };
        const events = pauseDecider.decide(state, { type: 'start', ref, now: new Date().toISOString(), pause });
        return { tenant, events, status: 201, ...(line ? { references: [line.own.id], ...pauseQuota(line) } : {}) };
      },
    }));
    return { done, body: this.viewOf(done, context) };
  }

  private viewOf({ after, events: [first] }: Done<Pause>, { caller }: CommandContext): PauseView {
    const { id, version, tenant, state, updatedAt } = after;
    if (state.status === 'none') throw new Error(`pause ${id} is not there`);
    return {
      id, arn: formatArn({ tenant, instance: this.settings.instance, type: 'pause', id }), version, tenant, ...state.document,
      startedAt: first?.time ?? updatedAt, startedBy: first?.meta.actor ?? caller.actor,
    };
  }
}
