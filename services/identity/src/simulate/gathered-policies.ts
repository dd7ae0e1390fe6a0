import { Injectable } from '@nestjs/common';
import type { FieldError } from '@wami/contracts';
import { parsePolicy, type NamedPolicy, type Policy, type InlinePolicies, type PolicyLayer } from '@wami/domain';
import { asWorker, canSee, ProblemError, type Caller } from '@wami/platform';
import { groupAggregate, policyAggregate } from '../aggregates/aggregates';
import { ScopedStreams } from '../commands/scoped-streams';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import type { StoredPrincipal } from './stored-principals';

/** A policy that counts, with what the answer says of it. */
export interface Gathered {
  readonly layer: PolicyLayer;
  readonly named: NamedPolicy;
  readonly policyName?: string;
  readonly via?: readonly string[];
  /** The caller sees no more of it than that it is there: it belongs to a tenant above. */
  readonly veiled?: boolean;
}

const MOST_GROUPS = 1000;
const MOST_POLICIES = 250;
const PARALLEL = 16;

/** What is stored and counts for a principal. */
@Injectable()
export class GatheredPolicies {
  constructor(private readonly directory: Directory, private readonly streams: ScopedStreams) {}

  /** Attached to it and to its groups, and inline in it and in those, as of now. @throws ProblemError ValidationFailed where there are too many */
  async attachedTo(caller: Caller, principal: StoredPrincipal): Promise<Gathered[]> {
    await this.directory.caughtUp();
    const groups = principal.kind === 'user' ? await this.directory.membershipsOf(principal.id, '', MOST_GROUPS + 1) : [];
    const attachments = await this.directory.policiesOf([principal.id, ...groups.map(({ groupId }) => groupId)], MOST_POLICIES + 1);
    if (groups.length > MOST_GROUPS || attachments.length > MOST_POLICIES) {
      throw new ProblemError('ValidationFailed', { detail: `at most ${MOST_GROUPS} groups and ${MOST_POLICIES} attachments can be evaluated at once` });
    }
    const via = new Map<string, string[]>();
    for (const { policyId, ownerId } of attachments) via.set(policyId, [...(via.get(policyId) ?? []), ownerId]);
    const gathered = await eachLimited([...via], PARALLEL, async ([id, owners]) => {
      const found = await this.stored(caller, id, 'identity');
      return found ? [{ ...found, via: owners }] : [];
    });
    const inline = await eachLimited(groups, PARALLEL, ({ groupId }) => this.inlineOfGroup(caller, groupId));
    return [...gathered.flat(), ...inlineIn(principal.id, principal.inlinePolicies), ...inline.flat()];
  }

  private async inlineOfGroup(caller: Caller, id: string): Promise<Gathered[]> {
    const everything: Caller = { ...caller, tenant: '' };
    const { state, tenant } = await asWorker('policy evaluation', () => this.streams.loadEvenDeleted(everything, groupAggregate, id));
    return state.status === 'active' ? inlineIn(id, state.document.inlinePolicies, !canSee(caller, tenant)) : [];
  }

  /** One by its id. Where it is gone it allows nothing: that a boundary is missing must never allow more. */
  async one(caller: Caller, id: string, layer: 'identity' | 'boundary'): Promise<Gathered> {
    const nothing: Policy = { kind: layer, version: '2012-10-17', statements: [] };
    return await this.stored(caller, id, layer) ?? { layer, named: { name: id, policy: nothing } };
  }

  /** Undefined where it was deleted meanwhile. The caller sees what the policy stands on, or named it. */
  private async stored(caller: Caller, id: string, layer: 'identity' | 'boundary'): Promise<Gathered | undefined> {
    const everything: Caller = { ...caller, tenant: '' };
    const { state, tenant } = await asWorker('policy evaluation', () => this.streams.loadEvenDeleted(everything, policyAggregate, id));
    if (state.status !== 'active') return undefined;
    const named = { name: id, policy: parsed(state.document.document, layer) };
    return canSee(caller, tenant) ? { layer, named, policyName: state.document.policyName } : { layer, named, veiled: true };
  }

  /** A role's trust policy. */
  trustOf({ id, trustPolicy }: StoredPrincipal): Gathered[] {
    return trustPolicy ? [{ layer: 'resource', named: { name: id, policy: parsed(trustPolicy, 'trust') } }] : [];
  }
}

/** Called by what they stand in and their names; of what the caller may not read, by their numbers. */
function inlineIn(owner: string, policies: InlinePolicies = {}, veiled = false): Gathered[] {
  return Object.entries(policies).map(([policyName, document], index) => {
    const named = { name: `${owner}/inlinePolicies/${veiled ? index : policyName}`, policy: parsed(document, 'identity') };
    return { layer: 'identity', named, via: [owner], ...(veiled ? { veiled } : { policyName }) };
  });
}

/** What is stored was checked; where the grammar became stricter since, the request cannot be answered. */
function parsed(document: unknown, kind: 'identity' | 'boundary' | 'trust'): Policy {
  const result = parsePolicy(document, kind);
  if (result.ok) return result.policy;
  const errors: FieldError[] = result.errors.map(({ pointer, code, detail }) => ({ pointer, code, detail }));
  throw new ProblemError('ValidationFailed', { detail: 'a stored policy is not valid any more', errors });
}
