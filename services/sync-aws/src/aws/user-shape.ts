import type { Tag } from '@aws-sdk/client-iam';
import { ProviderError, type Desired, type Observed, type Shape } from '@wami/provider-port';
import { hasForeignMarks, markFromTags, withoutMarks, type Tags } from './marks';
import { pathOf, tagsOf } from './names-and-limits';

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
  const { UserName: name, UserId: providerResourceId, Arn: nativeArn, Path: path = '/' } = user;
  if (name === undefined || providerResourceId === undefined || nativeArn === undefined) {
    throw new ProviderError('Internal', 'AWS answered a user without name, id or ARN', { effect: 'unknown' });
  }
  const tags = tagsFrom(user.Tags ?? []);
  const mark = markFromTags(tags);
  return {
    providerResourceId,
    nativeArn,
    name,
    ...(mark === undefined ? {} : { mark }),
    ...(hasForeignMarks(tags) ? { obstacle: 'tags' as const } : {}),
    shape: { fields: { name, path }, tags: withoutMarks(tags), facets: groups === undefined ? {} : { [GROUPS]: sorted(groups) } },
    facetsRead: groups === undefined ? [] : [GROUPS],
  };
}

export function tagsFrom(tags: readonly Tag[]): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function toTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Keys count whatever their case. */
export function withoutKeys(tags: Tags, keys: readonly string[]): Tags {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key.toLowerCase())));
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
