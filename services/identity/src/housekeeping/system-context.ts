import type { CommandContext } from '../commands/command-context';
import type { Task } from './tasks';

/** Housekeeping acts in the service's own name; the event that led to it stands as the cause. */
export function systemContext({ cause }: Pick<Task, 'cause'>): CommandContext {
  const actor = 'identity';
  return { caller: { actor, role: 'admin', tenant: '' }, meta: { actor, ...cause }, dryRun: false };
}
