import type { AttachedPermissionsBoundary, Tag } from '@aws-sdk/client-iam';
import { sorted, type Desired, type Observed, type OwnershipMark, type ResourceHandler, type Shape } from '@wami/provider-port';
import { POLICIES } from './attachments';
import { boundaryField, boundaryIn } from './boundaries';
import { wantedInline } from './inline-policies';
import { GROUPS } from './memberships';
import { checkServiceAccount, checkUser, pathOf, tagsOf } from './names-and-limits';
import { observedTagged } from './tagged';

/** What IAM answers of a user, in whichever operation. */
export interface IamUser {
  readonly UserName?: string;
  readonly UserId?: string;
  readonly Arn?: string;
  readonly Path?: string;
  readonly Tags?: readonly Tag[];
  readonly PermissionsBoundary?: AttachedPermissionsBoundary;
}

/** What one kind of WAMI's is as an IAM user. */
export interface UserKind extends Pick<ResourceHandler, 'kind' | 'facets' | 'check'> {
  /** Whether a listing of the kind shows a user with this mark: each user is shown by one kind. */
  readonly lists: (mark: OwnershipMark | undefined) => boolean;
}

const SERVICE_ACCOUNT = 'service-account';
export const PERSONS: UserKind = { kind: 'user', facets: [GROUPS, POLICIES], check: checkUser, lists: (mark) => mark?.kind !== SERVICE_ACCOUNT };
/** A user without a login profile, which the mark tells from persons. */
export const SERVICE_ACCOUNTS: UserKind = { kind: SERVICE_ACCOUNT, facets: [POLICIES], check: checkServiceAccount, lists: (mark) => mark?.kind === SERVICE_ACCOUNT };

export function desiredShape({ name, document, facets, boundary }: Desired, held: readonly string[]): Shape {
  return { fields: { name, path: pathOf(document), ...boundaryField(boundary), ...wantedInline(document) }, tags: tagsOf(document), facets: Object.fromEntries(held.map((facet) => [facet, sorted(facets[facet] ?? [])])) };
}

/** Without its relations. */
export function observedUser({ UserName: name, UserId: id, Arn: arn, Path: path, Tags = [], PermissionsBoundary }: IamUser): Observed {
  return observedTagged('user', { name, id, arn, path }, Tags, boundaryIn(PermissionsBoundary));
}

/** The same user under another name or path: IAM's ARN ends with both. */
export function renamed(observed: Observed, { name, path }: { readonly name: string; readonly path: string }): Observed {
  const prefix = observed.nativeArn.slice(0, observed.nativeArn.indexOf(':user/') + ':user'.length);
  return { ...observed, name, nativeArn: `${prefix}${path}${name}`, shape: { ...observed.shape, fields: { ...observed.shape.fields, name, path } } };
}
