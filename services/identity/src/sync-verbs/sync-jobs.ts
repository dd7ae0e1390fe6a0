import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type JobCounts, type ResolveConflict, type RetrySync, type SyncJobEvent, type SyncMap, type SyncNow, type Target } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { onlyWaits, newId, ProblemError } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import { syncJobAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { Tenants } from '../tenants/tenants';
import { OutcomeTail } from '../waiting/outcome-tail';
import { targetKey } from '../waiting/outcomes';
import { toSyncMap } from '../waiting/sync-wait';
import { jobTenant, JobRequests, type NamedResource } from './job-request';

type JobData = SyncJobEvent['data'];
/** What is asked of the engines, and the one resource that it is about where there is only one. */
interface Request {
  readonly data: Omit<JobData, 'scope' | 'targets'>;
  readonly targets: readonly Target[];
  readonly single?: NamedResource;
  /** Where it is about a tenant that neither caller nor filter names. */
  readonly tenant?: string;
}

export type JobAnswer = { readonly job: string } | (JobCounts & { readonly job: string; readonly sync?: SyncMap });

/** Work asked of the engines. It is an event like any other: nobody is called. */
@Injectable()
export class SyncJobs {
  constructor(
    private readonly commands: CommandHandler, private readonly requests: JobRequests, private readonly tail: OutcomeTail, private readonly tenants: Tenants,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  syncNow(context: CommandContext, reply: FastifyReply, { resources, filter, providers }: SyncNow): Promise<JobAnswer> {
    return this.request(context, reply, filter, async () => {
      const named = resources && await this.requests.resources(context.caller, resources);
      const targets = await this.requests.targets(jobTenant(context.caller, filter), named, providers);
      const [single] = named?.length === 1 ? named : [];
      const data = { verb: 'sync' as const, ...(named ? { resources: named.map(({ id }) => id) } : {}), ...(filter ? { filter } : {}) };
      return { data, targets, ...(single ? { single } : {}) };
    });
  }

  retry(context: CommandContext, reply: FastifyReply, { filter, maxRetries }: RetrySync): Promise<JobAnswer> {
    return this.request(context, reply, filter, async () => ({
      data: { verb: 'retry', ...(filter ? { filter } : {}), ...(maxRetries === undefined ? {} : { maxRetries }) },
      targets: await this.requests.targets(jobTenant(context.caller, filter), undefined),
    }));
  }

  resolve(context: CommandContext, reply: FastifyReply, { resource, provider, account, strategy }: ResolveConflict): Promise<JobAnswer> {
    return this.request(context, reply, undefined, async () => {
      const named = await this.requests.resources(context.caller, [resource]);
      const targets = (await this.requests.targets('', named, [provider])).filter((target) => account === undefined || target.account === account);
      const [single] = named;
      if (targets.length === 0 || !single) {
        const pointer = account === undefined ? '/provider' : '/account';
        throw new ProblemError('ValidationFailed', { errors: [{ pointer, code: 'NotAllowed', detail: "the resource's tenant is not synced to it" }] });
      }
      return { data: { verb: 'resolve', resources: [single.id], strategy }, targets, single };
    });
  }

  /** Writes what `find` finds, and waits for it where the caller does. @throws ProblemError */
  async request(context: CommandContext, reply: FastifyReply, filter: JobData['filter'], find: () => Promise<Request>): Promise<JobAnswer> {
    const job = newId('job');
    const watched = context.wait !== undefined && !context.dryRun && this.tail.jobs.watch(job);
    try {
      let request: Request | undefined;
      const done = await this.commands.execute(context, syncJobAggregate, async () => {
        await this.requests.checkFilter(context.caller, filter);
        request = await find();
        const tenant = request.tenant ?? jobTenant(context.caller, filter);
        const data: JobData = { ...request.data, scope: context.caller.tenant, targets: [...request.targets] };
        const event = eventAbout<SyncJobEvent>('sync-job', { id: job, tenant, instance: this.settings.instance }, { type: 'wami.sync-job.requested.v1', data, personal: {} });
        return { stream: job, isNew: true, plan: () => ({ tenant, events: [event], status: 202, closes: true }) };
      });
      if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position }));
      void reply.status(done.status);
      if (!watched || !request || done.repeated) return { job: done.after.id };
      return await this.waited(job, request, context.wait ?? 0, reply);
    } finally {
      this.tail.jobs.forget(job);
    }
  }

  private async waited(job: string, { targets, single }: Request, seconds: number, reply: FastifyReply): Promise<JobAnswer> {
    onlyWaits(reply.request);
    await this.tail.jobs.finish(job, targets, seconds * 1000);
    void reply.status(200).header('preference-applied', `wait=${seconds}`);
    const counts = this.tail.jobs.counts(job);
    return { job, ...counts, ...(single ? { sync: await this.syncOf(job, single, targets) } : {}) };
  }

  private async syncOf(job: string, { id, kind, tenant, deleted, position, updatedAt }: NamedResource, targets: readonly Target[]): Promise<SyncMap> {
    const said = this.tail.jobs.outcomesOf(job, id);
    const write = { resource: id, kind, tenant, operation: deleted ? 'delete' as const : 'update' as const, position, updatedAt, changed: true };
    const answered = targets.filter((target) => said.has(targetKey(target)));
    return toSyncMap(write, await this.tenants.syncConfig(tenant), answered, said);
  }
}
