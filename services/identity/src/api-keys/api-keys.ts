import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_OVERLAP_SECONDS, type CreateApiKey, type IssuedApiKey, type RotateApiKey } from '@wami/contracts';
import { apiKeyDecider, type ApiKey } from '@wami/domain';
import { hashApiKey, newApiKeySecret, newId, type Secret } from '@wami/platform';
import { apiKeyAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { API_KEYS, IDENTITY_SETTINGS, type ApiKeySettings, type IdentitySettings } from '../ports';
import { quotasFor } from '../tenants/quotas';
import { Tenants } from '../tenants/tenants';
import { ApiKeyViews } from './api-key-views';

/** How long an answer waits until this service goes by what it says; the others hear of it by themselves. */
const EFFECTIVE_MS = 2000;

/** API keys: their secrets are made here, told once, and kept nowhere. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly commands: CommandHandler, private readonly tenants: Tenants, private readonly streams: ScopedStreams, private readonly views: ApiKeyViews,
    @Inject(API_KEYS) private readonly keys: ApiKeySettings, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async create(context: CommandContext, { tenant, ...body }: CreateApiKey): Promise<Answer<IssuedApiKey>> {
    const id = newId('apiKey');
    const { secret, hash } = this.newSecret();
    const done = await this.commands.execute(context, apiKeyAggregate, () => ({
      stream: id, isNew: true,
      plan: async ({ state }) => {
        const line = await this.tenants.activeLine(context.caller, tenant);
        const events = apiKeyDecider.decide(state, { type: 'create', ref: this.ref(id, tenant), now: now(), hash, ...body });
        return { tenant, events, status: 201, references: [line.own.id], ...quotasFor(line, 'api-key') };
      },
    }));
    return { done, body: await this.issued(done, secret, { createdAt: done.after.updatedAt }), location: `/v1/api-keys/${done.after.id}` };
  }

  async rotate(context: CommandContext, id: string, { overlapSeconds = DEFAULT_OVERLAP_SECONDS, ...body }: RotateApiKey): Promise<Answer<IssuedApiKey>> {
    const { secret, hash } = this.newSecret();
    const done = await this.commands.execute(context, apiKeyAggregate, () => ({
      ...this.existing(context, id),
      plan: ({ state, tenant }) => ({
        tenant, events: apiKeyDecider.decide(state, { type: 'rotate', ref: this.ref(id, tenant), now: now(), hash, overlapSeconds, ...body }), status: 200,
      }),
    }));
    const createdAt = await this.views.createdAt(id);
    return { done, body: await this.issued(done, secret, { createdAt, rotatedAt: done.after.updatedAt }) };
  }

  async revoke(context: CommandContext, id: string): Promise<Answer<never>> {
    const done = await this.commands.execute(context, apiKeyAggregate, () => ({
      ...this.existing(context, id),
      plan: ({ state, tenant }) => ({ tenant, events: apiKeyDecider.decide(state, { type: 'revoke', ref: this.ref(id, tenant) }), status: 204, closes: true }),
    }));
    await this.effective(done);
    return { done };
  }

  private existing(context: CommandContext, id: string) {
    return {
      stream: this.streams.idOf(apiKeyAggregate, id),
      admit: (current: Done<ApiKey>['after']) => void this.streams.requireExisting(context.caller, apiKeyAggregate, current),
    };
  }

  /** The secret is told only by the request that made it. */
  private async issued(done: Done<ApiKey>, secret: Secret, times: { readonly createdAt: string; readonly rotatedAt?: string }): Promise<IssuedApiKey> {
    await this.effective(done);
    const view = await this.views.viewOf(done.after, times);
    return done.changed && !done.repeated ? { ...view, secret: secret.reveal() } : view;
  }

  private async effective({ after, changed }: Done<ApiKey>): Promise<void> {
    if (changed) await this.keys.directory.reached(after.position, EFFECTIVE_MS);
  }

  private newSecret(): { readonly secret: Secret; readonly hash: string } {
    const secret = newApiKeySecret();
    return { secret, hash: hashApiKey(this.keys.pepper, secret.reveal()) };
  }

  private ref(id: string, tenant: string): { id: string; tenant: string; instance: string } {
    return { id, tenant, instance: this.settings.instance };
  }
}

const now = (): string => new Date().toISOString();
