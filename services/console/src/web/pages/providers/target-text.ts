import type { ProviderTargetView, TargetCapability } from '@wami/contracts';

/** The page of one target. */
export const targetLink = ({ provider, account }: Pick<ProviderTargetView, 'provider' | 'account'>): string => `/t?${new URLSearchParams({ provider, account }).toString()}`;

/** 99.97 % is not yet 100 %. */
const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

/** `62 of 63 agree (98.4 %, where 99 % should).` */
export function agreementText({ rate, synced, failed, objective }: ProviderTargetView['success']): string {
  return rate === undefined ? 'Nothing has settled here yet.' : `${synced} of ${synced + failed} agree (${percent(rate)}, where ${percent(objective)} should).`;
}

export function limitsText({ concurrency, requestsPerSecond }: NonNullable<ProviderTargetView['limits']>): string {
  return `${concurrency} at a time${requestsPerSecond === undefined ? '' : `, ${requestsPerSecond} calls a second at most`}`;
}

/** What the provider is taken to let through. */
export const paceText = (quota: ProviderTargetView['quota']): string => quota.map(({ access, perSecond }) => `${perSecond} ${access}s a second`).join(', ');

/** `Holds 5 of 6 kinds; not policy.` */
export function holdsText(capabilities: readonly TargetCapability[]): string {
  const not = capabilities.filter(({ supported }) => !supported).map(({ kind }) => kind);
  return not.length === 0 ? `Holds all ${capabilities.length} kinds.` : `Holds ${capabilities.length - not.length} of ${capabilities.length} kinds; not ${not.join(', ')}.`;
}

/** What can be done with a kind beside making and deleting it. */
export function abilitiesText({ rename, tags, facets, bounded }: TargetCapability): string {
  return [...(rename ? ['renamed in place'] : []), ...(tags ? ['tags'] : []), ...facets.map((facet) => facet.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)), ...(bounded ? ['permissions boundary'] : [])].join(', ');
}
