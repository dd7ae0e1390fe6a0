import {
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  type PolicyDetail,
} from '@aws-sdk/client-iam';
import { applyParts, INLINE_POLICIES, inTurns, orAbsent, partFields, writtenIn, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { documentFrom, documentText, meaningOf } from './documents';
import { answered } from './pages';

type Owner = 'user' | 'group' | 'role';
type Fields = Shape['fields'];

/** The inline policies that a document asks for, as fields of a shape. */
export function wantedInline(document: Desired['document']): Fields {
  return partFields(INLINE_POLICIES, Object.fromEntries(Object.entries(writtenIn(INLINE_POLICIES, document)).map(([name, policy]) => [name, meaningOf(policy, 'identity')])));
}

/** The same, as GetAccountAuthorizationDetails answers them, those of others among them. */
export function listedInline(policies: readonly PolicyDetail[] = []): Fields {
  return partFields(INLINE_POLICIES, Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [answered(PolicyName, 'PolicyName'), read(PolicyDocument)])));
}

export function withFields(observed: Observed, fields: Fields): Observed {
  return { ...observed, shape: { ...observed.shape, fields: { ...observed.shape.fields, ...fields } } };
}

/** The inline policies of users, groups or roles. They can carry no mark: which of them are ours the engine knows by their names. */
export class InlinePolicies {
  private readonly calls: ReturnType<typeof callsOf>;

  constructor(owner: Owner, client: AwsClient, context: CallContext) {
    this.calls = callsOf(owner, client, context);
  }

  /** One call for each that is looked for. Nobody else's is read. */
  async read(observed: Observed, { inlinePolicies = [] }: Reference): Promise<Observed> {
    const found = await inTurns(inlinePolicies, async (name) => {
      const answer = await orAbsent<{ readonly PolicyDocument: string | undefined }>(this.calls.get(observed.name, name));
      return answer === undefined ? [] : [[name, read(answer.PolicyDocument)] as const];
    });
    return withFields(observed, partFields(INLINE_POLICIES, Object.fromEntries(found.flat())));
  }

  /** One call for each that is to become otherwise. */
  apply(applied: Applied, changes: Pick<Changes, 'fields'>, desired: Desired): Promise<Applied> {
    return applyParts(INLINE_POLICIES, applied, {
      put: ({ name }, policyName, document) => this.calls.put(name, policyName, documentText(document)),
      remove: ({ name }, policyName) => this.calls.remove(name, policyName),
    }, changes, desired);
  }
}

const read = (document: string | undefined): string => meaningOf(documentFrom(answered(document, 'PolicyDocument')), 'identity');

function callsOf(owner: Owner, client: AwsClient, context: CallContext) {
  switch (owner) {
    case 'user':
      return {
        get: (UserName: string, PolicyName: string) => client.send(new GetUserPolicyCommand({ UserName, PolicyName }), context),
        put: (UserName: string, PolicyName: string, PolicyDocument: string) => client.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }), context),
        remove: (UserName: string, PolicyName: string) => client.send(new DeleteUserPolicyCommand({ UserName, PolicyName }), context),
      };
    case 'group':
      return {
        get: (GroupName: string, PolicyName: string) => client.send(new GetGroupPolicyCommand({ GroupName, PolicyName }), context),
        put: (GroupName: string, PolicyName: string, PolicyDocument: string) => client.send(new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument }), context),
        remove: (GroupName: string, PolicyName: string) => client.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName }), context),
      };
    case 'role':
      return {
        get: (RoleName: string, PolicyName: string) => client.send(new GetRolePolicyCommand({ RoleName, PolicyName }), context),
        put: (RoleName: string, PolicyName: string, PolicyDocument: string) => client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }), context),
        remove: (RoleName: string, PolicyName: string) => client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }), context),
      };
  }
}
