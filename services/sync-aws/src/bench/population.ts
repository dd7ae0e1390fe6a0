import { groupPath, markTags } from '../aws/marks';
import { toTags } from '../aws/tagged';
import { sized } from '@wami/testing';
import { AddUserToGroupCommand, CreateGroupCommand, CreateUserCommand, type IAMClient } from '@aws-sdk/client-iam';

export interface Population {
  readonly tenant: string;
  readonly users: number;
  readonly groups: number;
}

/** What is timed. Each user is in one group. */
export const timed = (tenant: string): Population => ({ tenant, users: sized(1000, 50), groups: 10 });
/**
 * Made before, by either side, so that what is timed is not the compiler of a process that has just begun: after
 * 2,000 users WAMI needs less than two thirds of the processor time that a resource took after 400. More users than calls in flight, so that each is there before its membership is asked for.
 */
export const WARM_UP: Population = { tenant: 'warm-up', users: sized(2000, 50), groups: 10 };

/** The same by the bare SDK. */
export const WARM_UP_BARE: Population = { ...WARM_UP, tenant: 'warm-up-bare' };

export const sizeOf = ({ users, groups }: Population): number => users + groups + users;
export const userName = ({ tenant }: Population, index: number): string => `${tenant}-user-${index}`;
export const groupName = ({ tenant }: Population, index: number): string => `${tenant}-group-${index}`;
export const groupOf = ({ groups }: Population, user: number): number => user % groups;
export const userPath = ({ tenant }: Population): string => `/${tenant}/`;

const PADDING = 26;
const mark = ({ tenant }: Population, kind: 'user' | 'group', index: number) =>
  ({ instance: 'local', tenant, id: `${kind.slice(0, 3)}_${String(index).padStart(PADDING, '0')}`, kind });

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The calls that make it, as a program without any engine would make them: the same paths and tags, each thing after what it needs. */
export function bareCalls(iam: IAMClient, population: Population): (() => Promise<unknown>)[] {
  return [
    ...indices(population.groups).map((index) => () =>
      iam.send(new CreateGroupCommand({ GroupName: groupName(population, index), Path: groupPath(mark(population, 'group', index)) }))),
    ...indices(population.users).map((index) => () =>
      iam.send(new CreateUserCommand({ UserName: userName(population, index), Path: userPath(population), Tags: toTags(markTags(mark(population, 'user', index))) }))),
    ...indices(population.users).map((index) => () =>
      iam.send(new AddUserToGroupCommand({ UserName: userName(population, index), GroupName: groupName(population, groupOf(population, index)) }))),
  ];
}
