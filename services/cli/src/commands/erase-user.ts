import { DECLARED_BY } from '@wami/contracts';
import type { Command } from 'commander';
import type { Client } from '../api/client';
import { resolveReference } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
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
      const declaration = await declarationOf(context.client, id);
      if (declaration !== undefined) process.stderr.write(`It stands in the declaration ${declaration}: take it out of its file, or the next apply makes a new user of this name.\n`);
      const question = `This deletes ${ref} here and in every cloud, and forgets names and mail addresses for good. It cannot be undone.`;
      await askBefore(question, { yes: flags.yes || flags.dryRun, typed: ref });
      await write(context, 'DELETE', `/v1/users/${id}`, flags, { resource: id, query: { erase: 'true' } });
      if (!flags.dryRun) process.stderr.write(`Erased user/${id}.\n`);
    });
}

/** The declaration that makes the user, if one does. */
async function declarationOf(client: Client, id: string): Promise<string | undefined> {
  try {
    const { body } = await client.call<{ tags: Readonly<Record<string, string>> }>('GET', `/v1/users/${id}`);
    return body.tags[DECLARED_BY];
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.notFound) return undefined; // deleted before
    throw error;
  }
}
