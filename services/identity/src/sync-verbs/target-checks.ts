import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type CheckEvent, type CheckTargets } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { newId } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import { opaqueId, type Aggregate } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { targetKey } from '../waiting/outcomes';
import { jobTenant, JobRequests } from './job-request';

interface TargetCheck { readonly requested: boolean }
const targetCheckAggregate: Aggregate<TargetCheck, CheckEvent> = {
  kind: 'sync-job', idPattern: opaqueId('job'), initialState: { requested: false }, evolve: () => ({ requested: true }), exists: ({ requested }) => requested,
};

/** Whether targets take our credentials, asked for by an event each time. Which of them the tenant may use is the engines' to know. */
@Injectable()
export class TargetChecks {
  constructor(
    private readonly commands: CommandHandler, private readonly requests: JobRequests,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @throws ProblemError NotFound where the tenant is unknown or foreign. */
  async request(context: CommandContext, reply: FastifyReply, { targets, tenant: asked }: CheckTargets): Promise<{ readonly job: string }> {
    const job = newId('job');
    const filter = asked === undefined ? undefined : { tenant: asked };
    const done = await this.commands.execute(context, targetCheckAggregate, async () => {
      await this.requests.checkFilter(context.caller, filter);
      const tenant = jobTenant(context.caller, filter);
      const data = { scope: context.caller.tenant, targets: [...new Map(targets.map((target) => [targetKey(target), target])).values()] };
      const event = eventAbout<CheckEvent>('sync-job', { id: job, tenant, instance: this.settings.instance }, { type: 'wami.check.requested.v1', data, personal: {} });
      return { stream: job, isNew: true, plan: () => ({ tenant, events: [event], status: 202, closes: true }) };
    });
    if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position }));
    void reply.status(done.status);
    return { job: done.after.id };
  }
}
