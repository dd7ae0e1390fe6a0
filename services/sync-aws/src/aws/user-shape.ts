import type { Tag } from '@aws-sdk/client-iam';
import type { Desired, Observed, Shape } from '@wami/provider-port';
import { POLICIES } from './attachments';
import { sorted } from './facets';
import { GROUPS } from './memberships';
import { pathOf, tagsOf } from './names-and-limits';
import { observedTagged } from './tagged';

/** What IAM answers of a user, in whichever operation. */
export interface IamUser {
  readonly UserName?: string;
  readonly UserId?: string;
  readonly Arn?: string;
  readonly Path?: string;
  readonly Tags?: readonly Tag[];
}

export function desiredShape({ name, document, facets }: Desired): Shape {
  return { fields: { name, path: pathOf(document) }, tags: tagsOf(document), facets: { [GROUPS]: sorted(facets[GROUPS] ?? []), [POLICIES]: sorted(facets[POLICIES] ?? []) } };
}

/** Without its relations. */
export function observedUser({ UserName: name, UserId: id, Arn: arn, Path: path, Tags = [] }: IamUser): Observed {
  return observedTagged('user', { name, id, arn, path }, Tags, {});
}

/** The same user under another name or path: IAM's ARN ends with both. */
export function renamed(observed: Observed, { name, path }: { readonly name: string; readonly path: string }): Observed {
  const prefix = observed.nativeArn.slice(0, observed.nativeArn.indexOf(':user/') + ':user'.length);
  return { ...observed, name, nativeArn: `${prefix}${path}${name}`, shape: { ...observed.shape, fields: { name, path } } };
}
