import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { parentTenant, type CreateTenant, type PatchTenant, type TenantEvent, type TenantView } from '@wami/contracts';
import { tenantDecider, type Tenant, type TenantCommand } from '@wami/domain';
import { canSee, newId, ProblemError } from '@wami/platform';
import { tenantAggregate } from '../aggregates/aggregates';
import type { Loaded } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done, type Plan } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import { Directory } from '../directory/directory';
import type { Answer } from '../http/answers';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { DeletionJobs } from './deletion-jobs';
import { quotasFor } from './quotas';
import { tenantView } from './tenant.view';
import { Tenants } from './tenants';

/** How long the deletion of an empty tenant waits for relations of deleted resources to be taken away. */
const LEFTOVERS_MS = 3000;
const LEFTOVERS_PAUSE_MS = 25;

type Bare<Command> = Command extends unknown ? Omit<Command, 'ref' | 'rootId'> : never;

@Injectable()
export class TenantCommands {
  constructor(
    private readonly commands: CommandHandler, private readonly tenants: Tenants, private readonly streams: ScopedStreams,
    private readonly directory: Directory, private readonly jobs: DeletionJobs, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async create(context: CommandContext, body: CreateTenant): Promise<Answer<TenantView>> {
    const { id: path } = body;
    const stream = newId('tenant');
    const done = await this.commands.execute(context, tenantAggregate, () => ({
      stream, isNew: true,
      plan: async ({ state }) => {
        if (!canSee(context.caller, path)) throw new ProblemError('NotFound', { detail: 'there is no such tenant', params: { tenant: path } });
        const parent = parentTenant(path);
        const line = parent === undefined ? undefined : await this.tenants.activeLine(context.caller, parent);
        const events = tenantDecider.decide(state, { type: 'create', body, ref: this.ref(stream, path), rootId: line?.rootId ?? stream });
        return { tenant: path, events, status: 201, reserve: [nameOf(path)], ...(line ? { references: [line.own.id], ...quotasFor(line, 'tenant') } : {}) };
      },
    }));
    return { done, body: this.view(done.after), location: locationOf(path) };
  }

  async patch(context: CommandContext, path: string, body: PatchTenant): Promise<Answer<TenantView>> {
    const done = await this.change(context, path, { type: 'patch', body }, { status: 200 });
    return { done, body: this.view(done.after) };
  }

  /** @throws ProblemError TenantNotEmpty, also where only what housekeeping is about to take away is left. */
  async deleteEmpty(context: CommandContext, path: string): Promise<Answer<never>> {
    return { done: await this.change(context, path, { type: 'delete' }, { status: 204, closes: true, requiresEmptyTenant: path, release: [nameOf(path)] }) };
  }

  /** Waits a moment for what housekeeping is about to take away. @throws ProblemError TenantNotEmpty */
  async delete(context: CommandContext, path: string): Promise<Answer<never>> {
    const deadline = Date.now() + LEFTOVERS_MS;
    for (;;) {
      try {
        return await this.deleteEmpty(context, path);
      } catch (error) {
        const notEmpty = error instanceof ProblemError && error.code === 'TenantNotEmpty';
        if (!notEmpty || Date.now() > deadline || (await this.directory.holdsAnything(path))) throw error;
        await pause(LEFTOVERS_PAUSE_MS);
      }
    }
  }

  /** Everything inside is deleted by housekeeping, then the tenant. A second request names the job of the first. */
  async requestDeletion(context: CommandContext, path: string): Promise<Answer<{ job: string }>> {
    const job = newId('job');
    const done = await this.change(context, path, { type: 'request-deletion', job }, { status: 202 });
    return { done, body: { job: done.dryRun ? job : await this.jobs.of(done.after.id) } };
  }

  async change(context: CommandContext, path: string, command: Bare<TenantCommand>, more: Omit<Plan<TenantEvent>, 'tenant' | 'events'>): Promise<Done<Tenant>> {
    return this.commands.execute(context, tenantAggregate, async () => {
      const { own, rootId } = await this.tenants.line(context.caller, path);
      return {
        stream: own.id,
        admit: (current) => this.streams.requireExisting(context.caller, tenantAggregate, current),
        plan: ({ state }) => ({ ...more, tenant: path, events: tenantDecider.decide(state, { ...command, ref: this.ref(own.id, path), rootId }) }),
      };
    });
  }

  private ref(id: string, tenant: string): { id: string; tenant: string; instance: string } {
    return { id, tenant, instance: this.settings.instance };
  }

  private view(loaded: Loaded<Tenant>): TenantView {
    if (!('document' in loaded.state)) throw new Error(`tenant ${loaded.id} is not there`);
    return tenantView({ ...loaded, document: loaded.state.document }, this.settings.instance);
  }
}

const nameOf = (path: string): { tenant: string; kind: string; value: string } => ({ tenant: '', kind: 'tenant', value: path });
export const locationOf = (path: string): string => `/v1/tenants/${encodeURIComponent(path)}`;
