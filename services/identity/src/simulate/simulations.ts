import { Injectable } from '@nestjs/common';
import { policyIdIn, type Simulate, type SimulationView } from '@wami/contracts';
import { principalFromArn, simulate, type RequestPrincipal } from '@wami/domain';
import { ProblemError, type Caller } from '@wami/platform';
import { policyAggregate } from '../aggregates/aggregates';
import { ScopedStreams } from '../commands/scoped-streams';
import { simulationView } from './answer';
import { GatheredPolicies, type Gathered } from './gathered-policies';
import { inlinePolicy } from './inline-policies';
import { accountsOf, knownContext, requestPrincipal, requestResource } from './parties';
import { StoredPrincipals, type StoredPrincipal } from './stored-principals';

type Given = NonNullable<NonNullable<Simulate['policies']>['boundary']>;

/** Actions that a trust policy decides on. */
const ASSUMES = /^sts:(assumerole\w*|tagsession|setsourceidentity)$/i;

/** Answers whether somebody may do something, from what is stored and what the request adds. Nothing is written. */
@Injectable()
export class Simulations {
  constructor(private readonly principals: StoredPrincipals, private readonly gathered: GatheredPolicies, private readonly streams: ScopedStreams) {}

  /** @throws ProblemError NotFound, ValidationFailed; DomainError ValidationFailed */
  async run(caller: Caller, request: Simulate): Promise<SimulationView> {
    const stored = typeof request.principal === 'string' ? await this.principals.find(caller, request.principal, '/principal') : undefined;
    const resource = await this.resource(caller, request.resource);
    const accounts = stored ? accountsOf(stored, resource, request) : { account: request.account, resourceAccount: request.resourceAccount };
    const principal = stored && accounts.account !== undefined ? requestPrincipal(stored, accounts.account) : outsider(request);
    const asked = requestResource(resource, accounts.resourceAccount);
    const policies = await this.policies(caller, request, stored, resource);
    const named = (layer: Gathered['layer']) => policies.filter((policy) => policy.layer === layer).map((policy) => policy.named);
    const [boundary] = named('boundary');
    const outcome = simulate({
      principal, action: request.action, resource: asked, context: withKnown(request.context ?? {}, knownContext(stored, resource)),
      identityPolicies: named('identity'), resourcePolicies: named('resource'), ...(boundary ? { boundary } : {}),
    });
    return simulationView(outcome, policies, { principal, resource: asked, principalId: stored?.id, resourceId: typeof resource === 'string' ? undefined : resource.id });
  }

  /** A role of ours, or whatever else the text names. */
  private async resource(caller: Caller, text: string): Promise<StoredPrincipal | string> {
    const role = /^(rol_|arn:wami:iam:[^:]+:wami:[^:]+:role\/rol_)/.test(text) ? await this.principals.find(caller, text, '/resource') : undefined;
    if (role) return role;
    if (text === '*' || /^arn:[^:*?]+:[^:*?]+:[^:*?]*:[^:*?]*:[^*?]+$/.test(text)) return text;
    throw invalid('/resource', 'a resource is an ARN without wildcards, the id or ARN of a role, or *');
  }

  private async policies(caller: Caller, request: Simulate, stored: StoredPrincipal | undefined, resource: StoredPrincipal | string): Promise<Gathered[]> {
    const { attached, policies: { identity = [], resource: onResource = [], boundary } = {}, action } = request;
    const assumes = ASSUMES.test(action);
    const limit = boundary ? await this.given(caller, boundary, 'boundary', '/policies/boundary')
      : attached && stored?.boundary !== undefined ? await this.gathered.one(caller, stored.boundary, 'boundary') : undefined;
    return [
      ...(attached && stored ? await this.gathered.attachedTo(caller, stored) : []),
      ...(await Promise.all(identity.map((one, index) => this.given(caller, one, 'identity', `/policies/identity/${index}`)))),
      ...(attached && assumes && typeof resource !== 'string' ? this.gathered.trustOf(resource) : []),
      ...onResource.map((one, index) => inlinePolicy(one, 'resource', assumes ? 'trust' : 'resource', `/policies/resource/${index}`)),
      ...(limit ? [limit] : []),
    ];
  }

  private async given(caller: Caller, given: Given, layer: 'identity' | 'boundary', at: string): Promise<Gathered> {
    if ('document' in given) return inlinePolicy(given, layer, layer, at);
    const id = policyIdIn(given.policy);
    await this.streams.load(caller, policyAggregate, id).catch((error: unknown) => {
      const missing = error instanceof ProblemError && error.code === 'NotFound';
      const detail = 'there is no such policy';
      throw missing ? new ProblemError('NotFound', { detail, errors: [{ pointer: `${at}/policy`, code: 'NotFound', detail }] }) : error;
    });
    return this.gathered.one(caller, id, layer);
  }
}

/** Somebody whom WAMI does not keep. @throws ProblemError ValidationFailed */
function outsider({ principal, account }: Simulate): RequestPrincipal {
  const found = typeof principal === 'string' ? principalFromArn(principal) : principal;
  if (!found) throw invalid('/principal', 'the ARN names nobody who could ask');
  return { ...found, ...(account === undefined ? {} : { account }) };
}

/** What the request says wins, whatever the case of its keys. */
function withKnown(given: NonNullable<Simulate['context']>, known: Readonly<Record<string, string>>): NonNullable<Simulate['context']> {
  const said = new Set(Object.keys(given).map((key) => key.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(known).filter(([key]) => !said.has(key.toLowerCase()))), ...given };
}

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError('ValidationFailed', { detail, errors: [{ pointer, code: 'Invalid', detail }] });
}
