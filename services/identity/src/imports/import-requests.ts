import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, IMPORTABLE_KINDS, type ImportEvent, type ImportResources, type Target } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { mayDo, newId, ProblemError, rolesWith, type Caller } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { Tenants } from '../tenants/tenants';
import { importAggregate } from './import-aggregate';

/** Imports that callers ask for: an event each. The target is read by its engine. */
@Injectable()
export class ImportRequests {
  constructor(
    private readonly commands: CommandHandler, private readonly tenants: Tenants, @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** @throws ProblemError NotFound, Forbidden, TenantDeleting, ValidationFailed where the tenant is not synced to the target. */
  async request(context: CommandContext, reply: FastifyReply, body: ImportResources): Promise<{ readonly job: string }> {
    const { caller } = context;
    const { tenant, adopt = false, reason = '', kinds = IMPORTABLE_KINDS } = body;
    if (adopt) mayChange(caller);
    const job = newId('job');
    const done = await this.commands.execute(context, importAggregate, () => ({
      stream: job, isNew: true,
      plan: async () => {
        const { own } = await this.tenants.activeLine(caller, tenant);
        const target = await this.target(body);
        const event = eventAbout<ImportEvent>('sync-job', { id: job, tenant, instance: this.settings.instance }, {
          type: 'wami.import.requested.v1', data: { ...target, kinds: [...new Set(kinds)], adopt, scope: caller.tenant }, personal: { reason },
        });
        return { tenant, events: [event], status: 202, closes: true, references: [own.id] };
      },
    }));
    if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position }));
    void reply.status(done.status);
    return { job: done.after.id };
  }

  private async target({ tenant, provider, account }: ImportResources): Promise<Target> {
    const { providers } = await this.tenants.syncConfig(tenant);
    const matching = providers.filter((target) => target.provider === provider && (account === undefined || target.account === account));
    const [target] = matching;
    if (target && matching.length === 1) return target;
    const detail = target ? `the tenant is synced to ${matching.length} accounts of ${provider}: say which` : 'the tenant is not synced to it';
    throw new ProblemError('ValidationFailed', { detail, errors: [{ pointer: account === undefined && !target ? '/provider' : '/account', code: target ? 'Required' : 'NotAllowed', detail }] });
  }
}

/** Who adopts makes identities. */
function mayChange({ role }: Caller): void {
  if (mayDo(role, 'change')) return;
  const roles = rolesWith('change').filter((one) => mayDo(one, 'sync'));
  throw new ProblemError('Forbidden', { detail: `adopting takes the role ${roles.join(' or ')}; yours is ${role}`, params: { role, needs: 'change', roles } });
}
