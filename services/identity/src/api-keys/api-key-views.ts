import { Inject, Injectable } from '@nestjs/common';
import { formatArn, type ApiKeyView } from '@wami/contracts';
import type { ApiKey } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { canSee, ProblemError, queriedTenant, type Caller } from '@wami/platform';
import type { ApiKeyDirectory } from '@wami/service-runtime';
import { apiKeyAggregate } from '../aggregates/aggregates';
import { fold, type Loaded } from '../commands/aggregate';
import { eachLimited } from '../each-limited';
import { API_KEYS, EVENT_STORE, IDENTITY_SETTINGS, type ApiKeySettings, type IdentitySettings } from '../ports';

const PARALLEL = 8;
const CATCH_UP_MS = 10_000;
const CURSOR = /^key_[0-9A-HJKMNP-TV-Z]{26}$/;

/** API keys as callers see them; never a secret or a hash. */
@Injectable()
export class ApiKeyViews {
  private readonly directory: ApiKeyDirectory;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(API_KEYS) { directory }: ApiKeySettings,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {
    this.directory = directory;
  }

  /** Those of a tenant and its children, oldest first. @throws ProblemError NotFound, MalformedRequest, ConsistencyTimeout */
  async page(caller: Caller, { tenant, limit, cursor }: { readonly tenant?: string; readonly limit: number; readonly cursor?: string }): Promise<{ items: ApiKeyView[]; nextCursor?: string }> {
    const scope = queriedTenant(caller, tenant);
    if (cursor !== undefined && !CURSOR.test(cursor)) throw new ProblemError('MalformedRequest', { detail: 'the cursor is not one of this list' });
    if (!(await this.directory.reached(await this.store.head(), CATCH_UP_MS))) throw new ProblemError('ConsistencyTimeout', { retryAfter: 1 });
    const ids = await this.directory.idsWithin(scope, cursor ?? '', limit + 1);
    const items = await eachLimited(ids.slice(0, limit), PARALLEL, (id) => this.find(caller, id));
    const last = ids[limit - 1];
    return { items: items.flatMap((found) => found?.view ?? []), ...(ids.length > limit && last !== undefined ? { nextCursor: last } : {}) };
  }

  /** @throws ProblemError NotFound */
  async read(caller: Caller, id: string): Promise<{ readonly version: number; readonly view: ApiKeyView }> {
    const found = apiKeyAggregate.idPattern.test(id) ? await this.find(caller, id) : undefined;
    if (!found) throw new ProblemError('NotFound', { detail: 'there is no such api-key' });
    return found;
  }

  /** Of a key that is there or was. */
  async createdAt(id: string): Promise<string> {
    return (await this.store.readStream(id, 1))[0]?.time ?? '';
  }

  async viewOf({ id, version, tenant, state }: Loaded<ApiKey>, times: { readonly createdAt: string; readonly rotatedAt?: string }): Promise<ApiKeyView> {
    if (state.status !== 'active') throw new Error(`api-key ${id} is not there`);
    const { name, role, expiresAt, previousUntil } = state.document;
    const lastUsed = (await this.directory.lastUses([id])).get(id);
    return {
      id, arn: formatArn({ tenant, instance: this.settings.instance, type: 'api-key', id }), version, tenant, role, name, ...times,
      ...(expiresAt === undefined ? {} : { expiresAt }), ...(previousUntil === undefined ? {} : { previousSecretUntil: previousUntil }),
      ...(lastUsed === undefined ? {} : { lastUsedAt: lastUsed.toISOString() }),
    };
  }

  private async find(caller: Caller, id: string): Promise<{ readonly version: number; readonly view: ApiKeyView } | undefined> {
    const events = await this.store.readStream(id);
    const loaded = fold(apiKeyAggregate, id, events);
    const [first] = events;
    if (!first || !canSee(caller, loaded.tenant) || !apiKeyAggregate.exists(loaded.state)) return undefined;
    const rotatedAt = events.findLast(({ type }) => type === 'wami.api-key.rotated.v1')?.time;
    const view = await this.viewOf(loaded, { createdAt: first.time, ...(rotatedAt === undefined ? {} : { rotatedAt }) });
    return { version: loaded.version, view };
  }
}
