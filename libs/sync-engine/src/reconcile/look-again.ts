import { ProviderError } from '@wami/provider-port';
import { operationOf } from '../bindings/binding';
import type { OutcomeOf } from './outcome';
import type { Pass } from './pass';

/** For what is not visible, or not true any more, a moment after it was: asked for again soon, without an attempt being counted, a limited number of times. */
export function lookAgain({ work: { binding } }: Pass, why: string): OutcomeOf<'failed'> {
  const error = new ProviderError('DependencyNotReady', why);
  return { is: 'failed', error, unfinished: true, lately: true, operation: operationOf(binding), presence: binding.presence };
}
