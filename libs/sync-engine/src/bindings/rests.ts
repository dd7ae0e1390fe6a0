import type { Binding } from './binding';

/** Nothing more is done about it by itself, whatever it lacks: it failed for good, is left alone or held. */
export function rests({ dueAt, claimed, waitingFor, state }: Pick<Binding, 'dueAt' | 'claimed' | 'waitingFor' | 'state'>): boolean {
  return dueAt === null && !claimed && (waitingFor === null || state === 'Failed');
}

/** The same in SQL, of a binding under this alias. */
export const restsSql = (of: string): string => `(${of}.due_at IS NULL AND NOT ${of}.claimed AND (${of}.waiting_for IS NULL OR ${of}.state = 'Failed'))`;
