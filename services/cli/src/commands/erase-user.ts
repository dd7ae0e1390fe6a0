import type { Command } from 'commander';
import { contextOf } from './context';
import type { EraseFlags } from './run-erase';
import { addWriteOptions } from './write';

const EXAMPLES = `
Examples:
  wami user erase ann                              asks for the name once more
  wami user erase ann --yes --wait                 in a script, until every cloud has deleted the user
  wami user erase usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y   also somebody who was deleted before

This cannot be undone: not by WAMI, and not from its event log. docs/erasure.md says what goes when, and what stays.
`;

/** `wami user erase`: deletes, and forgets. */
export function addErase(user: Command): void {
  addWriteOptions(user.command('erase').argument('<user>', 'name or id').description('delete a user and forget all that is personal about it; cannot be undone'))
    .option('-y, --yes', 'do not ask').addHelpText('after', EXAMPLES)
    .action(async (ref: string, flags: EraseFlags, command: Command) => (await import('./run-erase.js')).erase(contextOf(command), ref, flags));
}
