import { groupPath, markTags } from '../aws/marks';
import { toTags } from '../aws/user-shape';
import { sized } from '@wami/testing';
import { AddUserToGroupCommand, CreateGroupCommand, CreateUserCommand, type IAMClient } from '@aws-sdk/client-iam';

export const USERS = sized(1000, 50);
export const GROUPS = 10;
/** Each user is in one group. */
export const RESOURCES = USERS + GROUPS + USERS;
export const TENANT = 'default';

export const userName = (index: number): string => `bench-user-${index}`;
export const groupName = (index: number): string => `bench-group-${index}`;
export const groupOf = (user: number): number => user % GROUPS;
export const USER_PATH = '/bench/';

const PADDING = 26;
const mark = (kind: 'user' | 'group', index: number) => ({ instance: 'local', tenant: TENANT, id: `${kind.slice(0, 3)}_${String(index).padStart(PADDING, '0')}`, kind });

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The calls that make it, as a program without any engine would make them: the same paths and tags, each thing after what it needs. */
export function bareCalls(iam: IAMClient): (() => Promise<unknown>)[] {
  return [
    ...indices(GROUPS).map((index) => () => iam.send(new CreateGroupCommand({ GroupName: groupName(index), Path: groupPath(mark('group', index)) }))),
    ...indices(USERS).map((index) => () =>
      iam.send(new CreateUserCommand({ UserName: userName(index), Path: USER_PATH, Tags: toTags(markTags(mark('user', index))) }))),
    ...indices(USERS).map((index) => () => iam.send(new AddUserToGroupCommand({ UserName: userName(index), GroupName: groupName(groupOf(index)) }))),
  ];
}
