import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, tenantLineage, type RepairEvent, type RepairSync, type StartedRepair } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { newId, ProblemError } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, POOL, type IdentitySettings } from '../ports';
import { JobRequests } from '../sync-verbs/job-request';
import { Tenants } from '../tenants/tenants';
import { repairAggregate } from './repair-aggregate';

/** So long whoever has not answered is waited for. */
const EXPIRES_MS = 24 * 60 * 60 * 1000;
const MOST_AT_ONCE = 10;
const RETRY_SECONDS = 10;

/** Repairs that callers ask for: an event each. Housekeeping makes the statements. */
@Injectable()
export class RepairRequests {
  constructor(
    private readonly commands: CommandHandler, private readonly tenants: Tenants, private readonly requests: JobRequests,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(POOL) private readonly pool: Pool,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @throws ProblemError NotFound; RateLimited where too many of the top tenant are being stated */
  async request(context: CommandContext, reply: FastifyReply, { tenant, dryRun = false }: RepairSync): Promise<StartedRepair> {
    const repair = newId('repair');
    const [top = tenant] = tenantLineage(tenant);
    const done = await this.commands.execute(context, repairAggregate, () => ({
      stream: repair, isNew: true,
      plan: async () => {
        const { own } = await this.tenants.line(context.caller, tenant);
        await this.refuseMany(top);
        const targets = await this.requests.targets(tenant, undefined);
        const event = eventAbout<RepairEvent>('repair', { id: repair, tenant, instance: this.settings.instance }, {
          type: 'wami.repair.requested.v1', personal: {},
          data: { scope: context.caller.tenant, dryRun, targets, expiresAt: new Date(Date.now() + EXPIRES_MS).toISOString() },
        });
        return {
          tenant, events: [event], status: 202, references: [own.id],
          also: async (transaction) => void await transaction.query(`INSERT INTO ${this.table} (repair, top) VALUES ($1, $2)`, [repair, top]),
        };
      },
    }));
    const { id, state: { request } } = done.after;
    if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position })).header('location', `/v1/repairs/${id}`);
    void reply.status(done.status);
    return { repair: id, expiresAt: request?.expiresAt ?? '' };
  }

  /** They share the time of housekeeping with everybody. Those who ask at the same moment may become some more. */
  private async refuseMany(top: string): Promise<void> {
    const { rowCount } = await this.pool.query(`SELECT 1 FROM ${this.table} WHERE top = $1 LIMIT ${MOST_AT_ONCE}`, [top]);
    if ((rowCount ?? 0) >= MOST_AT_ONCE) throw new ProblemError('RateLimited', { detail: `${MOST_AT_ONCE} repairs of ${top} are being stated already`, retryAfter: RETRY_SECONDS });
  }

  private get table(): string {
    return `"${this.store.schema}".repairs`;
  }
}
