import { Inject, Injectable } from '@nestjs/common';
import { formatArn, parseArn, type NewEvent, type ResourceKind } from '@wami/contracts';
import { wantedTargets, type InlinePolicies } from '@wami/domain';
import { ProblemError, type Caller } from '@wami/platform';
import { roleAggregate, serviceAccountAggregate, userAggregate } from '../aggregates/aggregates';
import type { Aggregate, Loaded } from '../commands/aggregate';
import { ScopedStreams } from '../commands/scoped-streams';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { kindOfId } from '../resources/known-kinds';
import { Tenants } from '../tenants/tenants';

/** A user, role or service account of ours, as far as an evaluation has to know it. */
export interface StoredPrincipal {
  readonly id: string;
  readonly kind: 'user' | 'role' | 'service-account';
  readonly tenant: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly boundary?: string;
  readonly trustPolicy?: Readonly<Record<string, unknown>>;
  readonly inlinePolicies?: InlinePolicies;
  /** AWS accounts that it is synced to. */
  readonly awsAccounts: readonly string[];
}

type Known = Omit<StoredPrincipal, 'arn' | 'awsAccounts' | 'id' | 'tenant' | 'kind'> & { readonly syncToProviders?: readonly string[] };
type Active<State> = Extract<State, { readonly status: 'active' }>;

const AWS_ACCOUNT = /^\d{12}$/;

/** Those who can ask, found by what a request calls them. */
@Injectable()
export class StoredPrincipals {
  constructor(
    private readonly streams: ScopedStreams, private readonly tenants: Tenants, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** Undefined for an ARN that is not of this system. @throws ProblemError NotFound; ValidationFailed for what never asks */
  async find(caller: Caller, reference: string, pointer: string): Promise<StoredPrincipal | undefined> {
    const arn = parseArn(reference);
    if (!arn && reference.startsWith('arn:')) return undefined;
    const found = await this.load(caller, arn?.id ?? reference, pointer);
    if (arn && found.arn !== reference) throw notFound(pointer);
    return found;
  }

  private load(caller: Caller, id: string, pointer: string): Promise<StoredPrincipal> {
    const kind = kindOfId(id)?.kind;
    switch (kind) {
      case 'user': return this.read(caller, kind, userAggregate, id, pointer, ({ document }) => {
        const { userName: name, path, tags, permissionsBoundary, inlinePolicies = {}, syncToProviders } = document;
        return { name, path, tags, inlinePolicies, ...(permissionsBoundary === undefined ? {} : { boundary: permissionsBoundary }), ...(syncToProviders ? { syncToProviders } : {}) };
      });
      case 'role': return this.read(caller, kind, roleAggregate, id, pointer, ({ document }) => {
        const { roleName: name, path, tags, trustPolicy, permissionsBoundary, inlinePolicies = {}, syncToProviders } = document;
        return { name, path, tags, trustPolicy, inlinePolicies, ...(permissionsBoundary === undefined ? {} : { boundary: permissionsBoundary }), ...(syncToProviders ? { syncToProviders } : {}) };
      });
      case 'service-account': return this.read(caller, kind, serviceAccountAggregate, id, pointer, ({ document }) => {
        const { accountName: name, path, tags, inlinePolicies = {}, syncToProviders } = document;
        return { name, path, tags, inlinePolicies, ...(syncToProviders ? { syncToProviders } : {}) };
      });
      case 'group': case 'policy': case 'access-key': case 'login-profile': case 'mfa-device': case 'identity-provider': throw neverAsks(kind, pointer);
      case undefined: throw notFound(pointer);
    }
  }

  private async read<State extends { readonly status: string }, Event extends NewEvent>(
    caller: Caller, kind: StoredPrincipal['kind'], aggregate: Aggregate<State, Event>, id: string, pointer: string, known: (state: Active<State>) => Known,
  ): Promise<StoredPrincipal> {
    const loaded: Loaded<State> = await this.streams.load(caller, aggregate, id).catch((error: unknown) => {
      throw error instanceof ProblemError && error.code === 'NotFound' ? notFound(pointer) : error;
    });
    const { tenant } = loaded;
    const { syncToProviders, ...own } = known(loaded.state as Active<State>);
    const targets = wantedTargets(await this.tenants.syncConfig(tenant), syncToProviders);
    return {
      id, kind, tenant, arn: formatArn({ tenant, instance: this.settings.instance, type: kind, id }), ...own,
      awsAccounts: targets.filter(({ provider, account }) => provider === 'aws' && AWS_ACCOUNT.test(account)).map(({ account }) => account),
    };
  }
}

function notFound(pointer: string): ProblemError {
  const detail = 'there is no such user, role or service account';
  return new ProblemError('NotFound', { detail, errors: [{ pointer, code: 'NotFound', detail }] });
}

function neverAsks(kind: ResourceKind, pointer: string): ProblemError {
  const detail = `a ${kind} never asks for anything: name a user, a role or a service account`;
  return new ProblemError('ValidationFailed', { detail, errors: [{ pointer, code: 'Invalid', detail }] });
}
