import type { AttachedPermissionsBoundary, Tag } from '@aws-sdk/client-iam';
import { sorted, type Desired, type Observed, type Shape } from '@wami/provider-port';
import { POLICIES } from './attachments';
import { boundaryField, boundaryIn } from './boundaries';
import { documentFrom, meaningOf } from './documents';
import { wantedInline } from './inline-policies';
import { pathOf, tagsOf } from './names-and-limits';
import { answered } from './pages';
import { observedTagged } from './tagged';

/** What IAM answers of a role, in whichever operation. */
export interface IamRole {
  readonly RoleName?: string;
  readonly RoleId?: string;
  readonly Arn?: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument?: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly PermissionsBoundary?: AttachedPermissionsBoundary;
}

const AN_HOUR = 3_600;

/** What AWS is to get of a role beside name, path and tags. */
export function settingsOf(document: Desired['document']): { readonly description: string; readonly session: number } {
  const { description, maxSessionDuration } = document;
  return { description: typeof description === 'string' ? description : '', session: typeof maxSessionDuration === 'number' ? maxSessionDuration : AN_HOUR };
}

export function desiredRole({ name, document, facets, boundary }: Desired): Shape {
  const { description, session } = settingsOf(document);
  const fields = { name, path: pathOf(document), trustPolicy: meaningOf(document['trustPolicy'], 'trust'), description, maxSessionDuration: String(session), ...boundaryField(boundary), ...wantedInline(document) };
  return { fields, tags: tagsOf(document), facets: { [POLICIES]: sorted(facets[POLICIES] ?? []) } };
}

export function observedRole(role: IamRole, tags: readonly Tag[]): Observed {
  const { RoleName: name, RoleId: id, Arn: arn, Path: path, AssumeRolePolicyDocument, Description = '', MaxSessionDuration = AN_HOUR, PermissionsBoundary } = role;
  const trustPolicy = meaningOf(documentFrom(answered(AssumeRolePolicyDocument, 'AssumeRolePolicyDocument')), 'trust');
  return observedTagged('role', { name, id, arn, path }, tags, { trustPolicy, description: Description, maxSessionDuration: String(MaxSessionDuration), ...boundaryIn(PermissionsBoundary) });
}
