import type { SyncOperation } from '@wami/contracts';
import { isProviderError } from '@wami/provider-port';
import { TargetLost } from './caller';
import type { OutcomeOf } from './outcome';
import type { Pass } from './pass';

/** @throws what is no ProviderError */
export function failedCall({ work }: Pass, operation: SyncOperation, error: unknown, partial: boolean): OutcomeOf<'failed'> {
  if (error instanceof TargetLost || !isProviderError(error)) throw error;
  return { is: 'failed', error, unfinished: partial || work.lost || error.options.effect === 'unknown', lately: false, operation, presence: work.binding.presence };
}
