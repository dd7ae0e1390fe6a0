import { ProviderError, type End } from '@wami/provider-port';

/** The ARN of an end that is called by it. @throws ProviderError `NotFound` where nothing of that name is known at the target */
export function arnOf({ name, arn }: End): string {
  if (arn === undefined) throw new ProviderError('NotFound', `${name} is not known at this target`, { effect: 'none' });
  return arn;
}
