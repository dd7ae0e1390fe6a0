import { SYNC_ERROR_HELP, type CheckOutcome, type ProviderTargetView, type TargetCapability } from '@wami/contracts';

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

/** What came of asking it who we are there, and what somebody does about it. */
export function checkText(outcome: CheckOutcome, { reason, credentials }: Pick<ProviderTargetView, 'reason' | 'credentials'>): { readonly came: string; readonly remedy?: string } {
  if (outcome === 'ok') return { came: `Our credentials are taken${credentials?.principal === undefined ? '' : `: we are ${credentials.principal}`}.` };
  if (outcome === 'not-connected') return { came: `No connection can be used: ${reason ?? 'none allows this tenant'}.`, remedy: 'Ask the operator to add it to the connections file, or to put it right there.' };
  const { meaning, remedy } = SYNC_ERROR_HELP[outcome];
  return { came: `${outcome}: ${outcome === 'AuthExpired' && reason !== undefined ? reason : meaning}`, remedy };
}

/** What can be done with a kind beside making and deleting it. */
export function abilitiesText({ rename, tags, facets, bounded }: TargetCapability): string {
  return [...(rename ? ['renamed in place'] : []), ...(tags ? ['tags'] : []), ...facets.map((facet) => facet.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)), ...(bounded ? ['permissions boundary'] : [])].join(', ');
}
