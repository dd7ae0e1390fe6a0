import { noSuchEntity } from '../errors';
import { policyArn } from '../identities';
import type { IamState, PolicyRecord } from '../iam-state';
import { optionalText, requiredText, RULES } from '../validation';
import { iamWrite, namedRole, namedUser } from './operation';
import type { Call, Operations } from './operation';

/** Managed policies that limit users and roles. */
export const boundaryOperations: Operations = {
  PutUserPermissionsBoundary: iamWrite((call) => putUser(call, namedUser(call), given(call, requiredText(call.params, 'PermissionsBoundary', RULES.arn)))),
  PutRolePermissionsBoundary: iamWrite((call) => putRole(call, namedRole(call), given(call, requiredText(call.params, 'PermissionsBoundary', RULES.arn)))),
  DeleteUserPermissionsBoundary: iamWrite((call) => {
    const user = namedUser(call);
    return putUser(call, user, none(user, user.name));
  }),
  DeleteRolePermissionsBoundary: iamWrite((call) => {
    const role = namedRole(call);
    return putRole(call, role, none(role, role.name));
  }),
};

type Bound = Readonly<Record<'boundary', string>> | undefined;

function putUser({ store }: Call, { boundary: _before, ...user }: ReturnType<typeof namedUser>, bound: Bound): undefined {
  store.commit({ type: 'user-put', user: { ...user, ...bound } });
  return undefined;
}

function putRole({ store }: Call, { boundary: _before, ...role }: ReturnType<typeof namedRole>, bound: Bound): undefined {
  store.commit({ type: 'role-put', role: { ...role, ...bound } });
  return undefined;
}

/** What a creation is to be limited by. */
export function boundaryIn(call: Call): Bound {
  const arn = optionalText(call.params, 'PermissionsBoundary', RULES.arn);
  return arn === undefined ? undefined : given(call, arn);
}

/** A policy that is not there, or not known everywhere yet, limits nothing. */
function given({ account, store }: Call, arn: string): Bound {
  const found = (state: IamState): PolicyRecord | undefined => {
    const policy = state.policy(arn.slice(arn.lastIndexOf('/') + 1));
    return policy && policyArn(account, policy) === arn ? policy : undefined;
  };
  const policy = found(store.truth);
  if (policy === undefined || found(store.view())?.id !== policy.id) throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return { boundary: policy.id };
}

function none(owner: { readonly boundary?: string }, name: string): undefined {
  if (owner.boundary === undefined) throw noSuchEntity(`The permissions boundary of ${name} cannot be found.`);
  return undefined;
}
