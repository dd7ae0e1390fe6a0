import type { Binding } from '../../bindings/binding';
import type { CoreMemory } from './core-memory';

/** Whether it rests as it should be and is looked at once more later. */
export function isLookedAtLater({ lookAt, dueAt, claimed, state, wanted, deleted, presence, held, plan }: Binding): boolean {
  return lookAt !== null && dueAt === null && !claimed && (state === 'Synced' || state === 'Skipped') && wanted && !deleted && presence !== null && (!held || plan !== null);
}

/** What the shell does in SQL; of a pause it hears when it claims. */
export function askForLaterLooks({ bindings }: CoreMemory, now: number): void {
  for (const binding of [...bindings.values()]) {
    if (isLookedAtLater(binding) && (binding.lookAt ?? now) <= now) bindings.set(binding.resource, { ...binding, unfinished: true, verifySince: now, dueAt: now, lane: 1 });
  }
}
