import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_PLAN_SECONDS, encodePosition, type ApplyPlan, type PlanEvent, type PlanSync, type StartedPlan } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { newId, onlyWaits, ProblemError } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import { planAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { jobTenant, JobRequests } from '../sync-verbs/job-request';
import { SyncJobs, type JobAnswer } from '../sync-verbs/sync-jobs';
import { OutcomeTail } from '../waiting/outcome-tail';

/** A plan's hash names a part of each target's, so there are not more of them than fit. */
const MOST_TARGETS = 200;

type PlanData = PlanEvent['data'];

/** Asks the engines what they would do, and later for just that. */
@Injectable()
export class PlanVerbs {
  constructor(
    private readonly commands: CommandHandler, private readonly requests: JobRequests, private readonly streams: ScopedStreams, private readonly jobs: SyncJobs,
    private readonly tail: OutcomeTail, @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async plan(context: CommandContext, reply: FastifyReply, { resources, filter, providers, expiresInSeconds = DEFAULT_PLAN_SECONDS }: PlanSync): Promise<StartedPlan> {
    const plan = newId('plan');
    const tenant = jobTenant(context.caller, filter);
    const watched = context.wait !== undefined && !context.dryRun && this.tail.plans.watch(plan);
    try {
      const done = await this.commands.execute(context, planAggregate, async () => {
        await this.requests.checkFilter(context.caller, filter);
        const named = resources && await this.requests.resources(context.caller, resources);
        const targets = await this.requests.targets(tenant, named, providers);
        if (targets.length > MOST_TARGETS) throw tooMany(targets.length);
        const expiresAt = new Date(Date.now() + expiresInSeconds * 1000).toISOString();
        const data: PlanData = { scope: context.caller.tenant, targets, expiresAt, ...(named ? { resources: named.map(({ id }) => id) } : {}), ...(filter ? { filter } : {}) };
        const event = eventAbout<PlanEvent>('plan', { id: plan, tenant, instance: this.settings.instance }, { type: 'wami.plan.requested.v1', data, personal: {} });
        return { stream: plan, isNew: true, plan: () => ({ tenant, events: [event], status: 202 }) };
      });
      const { id, state: { targets, expiresAt } } = done.after;
      if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position })).header('location', `/v1/plans/${id}`);
      void reply.status(done.status);
      if (!watched || done.repeated) return { plan: id, state: 'running', expiresAt };
      onlyWaits(reply.request);
      const answers = await this.tail.plans.answers(plan, targets, (context.wait ?? 0) * 1000);
      void reply.status(200).header('preference-applied', `wait=${context.wait ?? 0}`);
      return { plan: id, expiresAt, ...answers };
    } finally {
      this.tail.plans.forget(plan);
    }
  }

  /** @throws ProblemError NotFound, PlanExpired; ValidationFailed where the hash cannot be this plan's */
  apply(context: CommandContext, reply: FastifyReply, id: string, { hash }: ApplyPlan): Promise<JobAnswer> {
    return this.jobs.request(context, reply, undefined, async () => {
      const { state: { targets, expiresAt }, tenant } = await this.streams.load(context.caller, planAggregate, id);
      if (Date.parse(expiresAt) <= Date.now()) throw new ProblemError('PlanExpired', { params: { expiresAt } });
      if (hash !== undefined && hash.split('.').length !== targets.length) {
        throw new ProblemError('ValidationFailed', { errors: [{ pointer: '/hash', code: 'Invalid', detail: 'must be the hash of this plan, once it is complete' }] });
      }
      return { data: { verb: 'apply', plan: id, ...(hash === undefined ? {} : { hash }) }, targets, tenant };
    });
  }
}

function tooMany(targets: number): ProblemError {
  const detail = `it is about ${targets} targets, and a plan may be about ${MOST_TARGETS}`;
  return new ProblemError('ValidationFailed', { errors: [{ pointer: '/filter', code: 'TooMany', detail }] });
}
