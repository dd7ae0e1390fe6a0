import type { iam_v1 } from '@googleapis/iam';
import type { Desired, Observed, Shape } from '@wami/provider-port';
import { POLICIES } from './attachments';
import { readDescription } from './marks';
import { answered } from './pages';
import { sorted } from './policy-shape';

/** The e-mail address that an account of this name has in the project. Ids with a domain are turned round: `example.com:web` -> `web.example.com`. */
export function emailOf(project: string, accountId: string): string {
  return `${accountId}${domainOf(project)}`;
}

/** What gives a service account its roles in an allow policy. */
export const memberOf = (project: string, name: string): string => `serviceAccount:${name.includes('@') ? name : emailOf(project, name)}`;

export const accountName = (project: string, name: string): string =>
  `projects/${project}/serviceAccounts/${name.includes('@') ? name : emailOf(project, name)}`;

export function desiredServiceAccount({ name, document, facets }: Desired): Shape {
  const { displayName, description } = document;
  return { fields: { name, displayName: textOf(displayName), description: textOf(description) }, tags: {}, facets: { [POLICIES]: sorted(facets[POLICIES] ?? []) } };
}

/** Without what is attached to it. An account that Google made has another domain and is called by its whole address. */
export function observedServiceAccount(project: string, account: iam_v1.Schema$ServiceAccount): Observed {
  const [email, providerResourceId, nativeArn] = [answered(account.email, 'email'), answered(account.uniqueId, 'uniqueId'), answered(account.name, 'name')];
  const name = email.endsWith(domainOf(project)) ? email.slice(0, -domainOf(project).length) : email;
  const { mark, text } = readDescription(account.description ?? '');
  const fields = { name, displayName: account.displayName ?? '', description: text };
  return { providerResourceId, nativeArn, name, ...(mark === undefined ? {} : { mark }), shape: { fields, tags: {}, facets: {} }, facetsRead: [] };
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function domainOf(project: string): string {
  const [id = '', domain] = project.split(':').reverse();
  return `@${id}${domain === undefined ? '' : `.${domain}`}.iam.gserviceaccount.com`;
}
