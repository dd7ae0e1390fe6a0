import type { RequestPrincipal, RequestResource } from '@wami/domain';
import type { StoredPrincipal } from './stored-principals';

const AWS_ACCOUNT = /^\d{12}$/;

/** The two accounts of a request: where the principal asks, and whose the resource is. */
export interface Accounts {
  readonly account: string;
  readonly resourceAccount?: string;
}

/**
 * A stored identity stands in every AWS account that it is synced to; asked about a resource of one of them, it stands there. One that is
 * synced to none may come to stand in any, so it is taken to stand in the resource's. Without any AWS account, tenants are the accounts.
 */
export function accountsOf(
  principal: StoredPrincipal, resource: StoredPrincipal | string, asked: { readonly account?: string | undefined; readonly resourceAccount?: string | undefined },
): Accounts {
  const owners = asked.resourceAccount === undefined ? ownersOf(resource) : [asked.resourceAccount];
  const homes = principal.awsAccounts.length > 0 ? principal.awsAccounts : undefined;
  const account = asked.account ?? (homes ? owners.find((owner) => homes.includes(owner)) ?? homes[0] : owners.find((owner) => AWS_ACCOUNT.test(owner))) ?? principal.tenant;
  const owner = owners.includes(account) ? account : owners[0];
  return { account, ...(owner === undefined ? {} : { resourceAccount: owner }) };
}

function ownersOf(resource: StoredPrincipal | string): readonly string[] {
  if (typeof resource !== 'string') return resource.awsAccounts.length > 0 ? resource.awsAccounts : [resource.tenant];
  const account = /^arn:aws[a-z-]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1];
  return account === undefined ? [] : [account];
}

/** As AWS calls it in that account, and by its own ARN. */
export function requestPrincipal(stored: StoredPrincipal, account: string): RequestPrincipal {
  const type = stored.kind === 'role' ? 'role' : 'user';
  return { type, account, ...namesOf(stored, account, 'id') };
}

export function requestResource(resource: StoredPrincipal | string, account: string | undefined): RequestResource {
  const of = account === undefined ? {} : { account };
  return typeof resource === 'string' ? { arn: resource, ...of } : { ...namesOf(resource, account, 'arn'), ...of };
}

function namesOf<Key extends string>(stored: StoredPrincipal, account: string | undefined, key: Key): { readonly [K in Key]: string } & { readonly aliases?: readonly string[] } {
  if (account === undefined || !AWS_ACCOUNT.test(account)) return { [key]: stored.arn } as { [K in Key]: string };
  const type = stored.kind === 'role' ? 'role' : 'user';
  return { [key]: `arn:aws:iam::${account}:${type}${stored.path}${stored.name}`, aliases: [stored.arn] } as { [K in Key]: string } & { aliases: string[] };
}

/** Condition keys that are known of a stored principal, and of a role that is asked for. */
export function knownContext(principal: StoredPrincipal | undefined, resource: StoredPrincipal | string): Record<string, string> {
  const tagged = (prefix: string, tags: Readonly<Record<string, string>>): [string, string][] => Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]);
  return Object.fromEntries([
    ...(principal ? tagged('aws:PrincipalTag/', principal.tags) : []),
    ...(principal && principal.kind !== 'role' ? [['aws:username', principal.name] as const] : []),
    ...(typeof resource === 'string' ? [] : [...tagged('aws:ResourceTag/', resource.tags), ...tagged('iam:ResourceTag/', resource.tags)]),
  ]);
}
