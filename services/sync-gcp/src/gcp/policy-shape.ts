import type { iam_v1 } from '@googleapis/iam';
import type { Desired, Observed, Shape } from '@wami/provider-port';
import { readDescription } from './marks';
import { answered } from './pages';

export const STAGES: readonly string[] = ['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP'];

/** A custom role without its id. */
export interface RoleContent {
  readonly title: string;
  readonly description: string;
  readonly stage: string;
  readonly includedPermissions: readonly string[];
}

/** What Google is to get of a policy; undefined where nothing in it is for Google. */
export function roleAtGoogle(name: string, { providerDocuments, description }: Desired['document']): RoleContent | undefined {
  const { gcp } = (providerDocuments ?? {}) as { readonly gcp?: Readonly<Record<string, unknown>> };
  if (!Array.isArray(gcp?.['includedPermissions'])) return undefined;
  const { includedPermissions, title, stage } = gcp;
  return {
    title: typeof title === 'string' && title !== '' ? title : name,
    description: typeof description === 'string' ? description : '',
    stage: typeof stage === 'string' ? stage : 'GA',
    includedPermissions: sorted((includedPermissions as readonly unknown[]).map(String)),
  };
}

/** Order and repetition of permissions say nothing. */
export function desiredPolicy({ name, document }: Desired): Shape {
  return shapeOf(name, roleAtGoogle(name, document) ?? { title: name, description: '', stage: 'GA', includedPermissions: [] });
}

/** A role has no number: its full name is what it is called for good. */
export function observedPolicy(role: iam_v1.Schema$Role): Observed {
  const nativeArn = answered(role.name, 'name');
  const name = roleIdOf(nativeArn);
  const { mark, text } = readDescription(role.description ?? '');
  const content = { title: role.title ?? '', description: text, stage: role.stage ?? 'ALPHA', includedPermissions: sorted(role.includedPermissions ?? []) };
  return { providerResourceId: nativeArn, nativeArn, name, ...(mark === undefined ? {} : { mark }), shape: shapeOf(name, content), facetsRead: [] };
}

/** `projects/web/roles/reader` -> `reader` */
export function roleIdOf(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('/') + 1);
}

function shapeOf(name: string, { title, description, stage, includedPermissions }: RoleContent): Shape {
  return { fields: { name, title, description, stage, includedPermissions: JSON.stringify(includedPermissions) }, tags: {}, facets: {} };
}

export function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
