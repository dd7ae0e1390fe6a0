import type { BindingOutcome } from '@wami/domain';
import type { Intention } from './intentions';

/** What is told of a name that another of ours has. */
export const TAKEN = 'the name is taken by something else that WAMI manages';

/** Whoever had its name was deleted, and given up after calls that nobody answered: whether that has it still nobody knows before the next comparison. */
export function mayBeFree({ id, kind, name }: Intention, all: readonly Intention[], said: ReadonlyMap<string, BindingOutcome>): boolean {
  return all.filter((other) => other.deleted && other.id !== id && other.kind === kind && other.name === name).some((other) => {
    const outcome = said.get(other.id)?.outcome;
    return outcome?.state === 'Failed' && outcome.error.retryable && outcome.nextRetryAt === undefined;
  });
}
