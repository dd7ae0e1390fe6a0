import type { PauseRef } from '@wami/contracts';

type Selected = Pick<PauseRef, 'tenant' | 'provider' | 'account' | 'resource'>;

/** What it holds: `acme at aws/*`. */
export function pausedText({ tenant, provider, account, resource }: Selected): string {
  const at = provider === undefined && account === undefined ? [] : [`at ${provider ?? '*'}/${account ?? '*'}`];
  return [tenant === '' ? 'everything' : tenant, ...at, ...(resource === undefined ? [] : [resource])].join(' ');
}

/** The command that ends it, and every pause within it. */
export function resumeLine({ tenant, ...rest }: Selected): string {
  const flags = Object.entries({ tenant: tenant === '' ? undefined : tenant, provider: rest.provider, account: rest.account, resource: rest.resource });
  return ['npx wami sync resume', ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]))].join(' ');
}

/** The same over HTTP. */
export function resumeBody({ tenant, provider, account, resource }: Selected): object {
  return { ...(tenant === '' ? {} : { tenant }), ...(provider === undefined ? {} : { provider }), ...(account === undefined ? {} : { account }), ...(resource === undefined ? {} : { resource }) };
}
