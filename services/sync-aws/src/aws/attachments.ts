import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  type AttachedPolicy,
} from '@aws-sdk/client-iam';
import { orAbsent, type CallContext, type FacetCalls } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { collect } from './pages';
import { arnOf } from './ends';

export const POLICIES = 'policies';

/** AWS's own policies stand under an account called `aws` and may have the name of one of ours. */
const CUSTOMER_MANAGED = /^arn:[\w-]+:iam::\d{12}:policy\//;

/** Names of the customer managed policies among these. */
export function customerManaged(policies: readonly AttachedPolicy[] = []): string[] {
  return policies.flatMap(({ PolicyName, PolicyArn = '' }) => (PolicyName !== undefined && CUSTOMER_MANAGED.test(PolicyArn) ? [PolicyName] : []));
}

type Owner = 'user' | 'group' | 'role';

/** The managed policies of users, groups or roles. */
export function attachmentsOf(owner: Owner, client: AwsClient, context: CallContext): FacetCalls {
  const { list, attach, detach } = callsOf(owner, client, context);
  return {
    facet: POLICIES,
    standing: async ({ name }) => customerManaged(await collect((Marker) => list(name, Marker), (page) => page.AttachedPolicies)),
    add: async ({ name }, end) => attach(name, arnOf(end)),
    remove: async ({ name }, end) => detach(name, arnOf(end)),
    exists: async ({ arn }) => arn !== undefined && (await orAbsent(client.send(new GetPolicyCommand({ PolicyArn: arn }), context))) !== undefined,
  };
}

function callsOf(owner: Owner, client: AwsClient, context: CallContext) {
  const MaxItems = 1000;
  switch (owner) {
    case 'user':
      return {
        list: (UserName: string, Marker: string | undefined) => client.send(new ListAttachedUserPoliciesCommand({ UserName, Marker, MaxItems }), context),
        attach: (UserName: string, PolicyArn: string) => client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }), context),
        detach: (UserName: string, PolicyArn: string) => client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }), context),
      };
    case 'group':
      return {
        list: (GroupName: string, Marker: string | undefined) => client.send(new ListAttachedGroupPoliciesCommand({ GroupName, Marker, MaxItems }), context),
        attach: (GroupName: string, PolicyArn: string) => client.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }), context),
        detach: (GroupName: string, PolicyArn: string) => client.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }), context),
      };
    case 'role':
      return {
        list: (RoleName: string, Marker: string | undefined) => client.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker, MaxItems }), context),
        attach: (RoleName: string, PolicyArn: string) => client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }), context),
        detach: (RoleName: string, PolicyArn: string) => client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }), context),
      };
  }
}
