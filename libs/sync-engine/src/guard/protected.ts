import { ProviderError, type Observed } from '@wami/provider-port';

/** Why nobody's command takes this away: without it nothing more could be done at the target. Undefined of all else. Pure. */
export function protectedBy({ nativeArn }: Pick<Observed, 'nativeArn'>, principal: string | undefined): ProviderError | undefined {
  if (principal === undefined || nativeArn !== principal) return undefined;
  return new ProviderError('InvalidRequest', 'WAMI itself signs in at this target as this: connect with other credentials before it is deleted', { effect: 'none' });
}
