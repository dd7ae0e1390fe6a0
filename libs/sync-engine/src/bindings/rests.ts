import { OBSERVE_ONLY, type Binding } from './binding';

/** Nothing more is done about it by itself, whatever it lacks: it failed for good, is left alone or held. */
export function rests({ dueAt, claimed, waitingFor, state }: Pick<Binding, 'dueAt' | 'claimed' | 'waitingFor' | 'state'>): boolean {
  return dueAt === null && !claimed && (waitingFor === null || state === 'Failed' || state === 'Skipped');
}

/** The same in SQL, of a binding under this alias. */
export const restsSql = (of: string): string => `(${of}.due_at IS NULL AND NOT ${of}.claimed AND (${of}.waiting_for IS NULL OR ${of}.state IN ('Failed', 'Skipped')))`;

/** It is not there and rests so, for it is left out on purpose: whatever needs it there goes without. Of a target that is only looked at nothing is left out. */
export function isLeftOut(binding: Pick<Binding, 'dueAt' | 'claimed' | 'waitingFor' | 'state' | 'presence' | 'connectionHold'>): boolean {
  return rests(binding) && binding.state === 'Skipped' && binding.presence === null && binding.connectionHold !== OBSERVE_ONLY;
}

/** The same in SQL, of a binding under this alias. */
export const isLeftOutSql = (of: string): string => `(${restsSql(of)} AND ${of}.state = 'Skipped' AND ${of}.presence IS NULL AND ${of}.connection_hold IS DISTINCT FROM '${OBSERVE_ONLY}')`;
