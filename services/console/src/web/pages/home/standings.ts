import type { SyncStateName } from '@wami/contracts';
import type { Summary } from '../../api/schemas';

export interface Standing {
  readonly target: string;
  readonly total: number;
  readonly states: ReadonlyMap<SyncStateName, number>;
}

/** Over all kinds. */
export function standings(counts: Summary['counts']): readonly Standing[] {
  const byTarget = new Map<string, Map<SyncStateName, number>>();
  for (const { provider, account, state, count } of counts) {
    const target = `${provider}/${account}`;
    const states = byTarget.get(target) ?? new Map<SyncStateName, number>();
    byTarget.set(target, states.set(state, (states.get(state) ?? 0) + count));
  }
  return [...byTarget].map(([target, states]) => ({ target, states, total: [...states.values()].reduce((sum, one) => sum + one, 0) }));
}
