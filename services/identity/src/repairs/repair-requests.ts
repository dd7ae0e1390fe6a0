import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type RepairEvent, type RepairSync, type StartedRepair } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { newId } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { JobRequests } from '../sync-verbs/job-request';
import { repairQuota } from '../tenants/quotas';
import { Tenants } from '../tenants/tenants';
import { repairAggregate } from './repair-aggregate';

/** So long whoever has not answered is waited for. */
const EXPIRES_MS = 24 * 60 * 60 * 1000;

/** Repairs that callers ask for: an event each. Housekeeping makes the statements. */
@Injectable()
export class RepairRequests {
  constructor(
    private readonly commands: CommandHandler, private readonly tenants: Tenants, private readonly requests: JobRequests,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @throws ProblemError NotFound; QuotaExceeded where many of the top tenant are being stated */
  async request(context: CommandContext, reply: FastifyReply, { tenant, dryRun = false }: RepairSync): Promise<StartedRepair> {
    const repair = newId('repair');
    const done = await this.commands.execute(context, repairAggregate, () => ({
      stream: repair, isNew: true,
      plan: async () => {
        const line = await this.tenants.line(context.caller, tenant);
        const targets = await this.requests.targets(tenant, undefined);
        const event = eventAbout<RepairEvent>('repair', { id: repair, tenant, instance: this.settings.instance }, {
          type: 'wami.repair.requested.v1', personal: {},
          data: { scope: context.caller.tenant, dryRun, targets, expiresAt: new Date(Date.now() + EXPIRES_MS).toISOString() },
        });
        return { tenant, events: [event], status: 202, references: [line.own.id], ...repairQuota(line) };
      },
    }));
    const { id, state: { request } } = done.after;
    if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position })).header('location', `/v1/repairs/${id}`);
    void reply.status(done.status);
    return { repair: id, expiresAt: request?.expiresAt ?? '' };
  }
}
