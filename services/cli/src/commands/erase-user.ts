import type { Command } from 'commander';
import { resolveReference } from '../api/references';
import { askBefore } from '../output/ask';
import { contextOf } from './context';
import { addWriteOptions, write, type WaitFlags } from './write';

interface EraseFlags extends WaitFlags {
  readonly yes?: boolean;
}

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
    .action(async (ref: string, flags: EraseFlags, command: Command) => {
      const context = contextOf(command);
      const id = await resolveReference(context.client, 'user', ref);
      const question = `This deletes ${ref} here and in every cloud, and forgets names and mail addresses for good. It cannot be undone.`;
      await askBefore(question, { yes: flags.yes || flags.dryRun, typed: ref });
      await write(context, 'DELETE', `/v1/users/${id}`, flags, { resource: id, query: { erase: 'true' } });
      if (!flags.dryRun) process.stderr.write(`Erased user/${id}.\n`);
    });
}
