import { invalidInput, noSuchEntity, noSuchGroup, noSuchRole, noSuchUser } from '../errors';
import { policyArn } from '../identities';
import type { GroupRecord, IamState, IamStore, PolicyRecord, RoleRecord, UserRecord } from '../iam-state';
import type { QueryParams, Service } from '../query-protocol';
import { requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';

export interface Call {
  readonly params: QueryParams;
  readonly account: string;
  readonly accessKeyId: string;
  readonly store: IamStore;
  /** RFC 3339, whole seconds. */
  now(): string;
}

export interface Operation {
  readonly service: Service;
  readonly writes: boolean;
  /** Answers the operation's result, nothing where AWS documents none; throws AwsError, and has changed nothing then. */
  run(call: Call): XmlRecord | undefined;
}
export type Operations = Readonly<Record<string, Operation>>;

export const iamRead = (run: Operation['run']): Operation => ({ service: 'iam', writes: false, run });
export const iamWrite = (run: Operation['run']): Operation => ({ service: 'iam', writes: true, run });

export function findUser(state: IamState, name: string): UserRecord {
  const user = state.user(name);
  if (user === undefined) throw noSuchUser(name);
  return user;
}

export function findGroup(state: IamState, name: string): GroupRecord {
  const group = state.group(name);
  if (group === undefined) throw noSuchGroup(name);
  return group;
}

export function findRole(state: IamState, name: string): RoleRecord {
  const role = state.role(name);
  if (role === undefined) throw noSuchRole(name);
  return role;
}

/** By its ARN, in which the name counts in its own case: IAM finds nothing under another spelling of an ARN. */
export function findPolicy(state: IamState, account: string, arn: string): PolicyRecord {
  if (!/^arn:[\w-]+:iam::(\d{12}|aws):policy\/[^ ]+$/.test(arn)) throw invalidInput(`ARN ${arn} is not valid.`);
  const policy = state.policy(arn.slice(arn.lastIndexOf('/') + 1));
  if (policy === undefined || policyArn(account, policy) !== arn) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** The policy that a read names. */
export const viewedPolicy = (call: Call): PolicyRecord => findPolicy(call.store.view(), call.account, requiredText(call.params, 'PolicyArn', RULES.arn));
/** The policy that a write names. */
export const namedPolicy = (call: Call): PolicyRecord => findPolicy(call.store.truth, call.account, requiredText(call.params, 'PolicyArn', RULES.arn));
/** The user that a read names. */
export const viewedUser = (call: Call): UserRecord => findUser(call.store.view(), requiredText(call.params, 'UserName', RULES.existingUserName));
/** The user that a write names. */
export const namedUser = (call: Call): UserRecord => findUser(call.store.truth, requiredText(call.params, 'UserName', RULES.existingUserName));
export const namedGroup = (call: Call): GroupRecord => findGroup(call.store.truth, requiredText(call.params, 'GroupName', RULES.groupName));
/** The group that a read names. */
export const viewedGroup = (call: Call): GroupRecord => findGroup(call.store.view(), requiredText(call.params, 'GroupName', RULES.groupName));
/** The role that a read names. */
export const viewedRole = (call: Call): RoleRecord => findRole(call.store.view(), requiredText(call.params, 'RoleName', RULES.roleName));
/** The role that a write names. */
export const namedRole = (call: Call): RoleRecord => findRole(call.store.truth, requiredText(call.params, 'RoleName', RULES.roleName));
