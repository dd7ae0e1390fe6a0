import type { Tag } from '@aws-sdk/client-iam';
import type { Desired, Observed, Shape } from '@wami/provider-port';
import { pathOf, tagsOf } from './names-and-limits';
import { observedTagged } from './tagged';

export const GROUPS = 'groups';

/** What IAM answers of a user, in whichever operation. */
export interface IamUser {
  readonly UserName?: string;
  readonly UserId?: string;
  readonly Arn?: string;
  readonly Path?: string;
  readonly Tags?: readonly Tag[];
}

export function desiredShape({ name, document, facets }: Desired): Shape {
  return { fields: { name, path: pathOf(document) }, tags: tagsOf(document), facets: { [GROUPS]: sorted(facets[GROUPS] ?? []) } };
}

/** `groups` is undefined where they were not read. */
export function observedUser(user: IamUser, groups: readonly string[] | undefined): Observed {
  const { UserName: name, UserId: id, Arn: arn, Path: path, Tags = [] } = user;
  const observed = observedTagged('user', { name, id, arn, path }, Tags, {});
  return groups === undefined ? observed : withGroups(observed, groups);
}

/** The same user under another name or path: IAM's ARN ends with both. */
export function renamed(observed: Observed, { name, path }: { readonly name: string; readonly path: string }): Observed {
  const prefix = observed.nativeArn.slice(0, observed.nativeArn.indexOf(':user/') + ':user'.length);
  return { ...observed, name, nativeArn: `${prefix}${path}${name}`, shape: { ...observed.shape, fields: { name, path } } };
}

export function withGroups(observed: Observed, groups: readonly string[]): Observed {
  return { ...observed, shape: { ...observed.shape, facets: { [GROUPS]: sorted(groups) } }, facetsRead: [GROUPS] };
}

export function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
