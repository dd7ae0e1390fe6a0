import { DECLARED_BY } from '@wami/contracts';
import type { Client } from '../api/client';
import { resolveReference } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import type { Context } from './context';
import { write, type WaitFlags } from './write';

export interface EraseFlags extends WaitFlags {
  readonly yes?: boolean;
}

/** @throws CliError */
export async function erase(context: Context, ref: string, flags: EraseFlags): Promise<void> {
  const id = await resolveReference(context.client, 'user', ref);
  const declaration = await declarationOf(context.client, id);
  if (declaration !== undefined) process.stderr.write(`It stands in the declaration ${declaration}: take it out of its file, or the next apply makes a new user of this name.\n`);
  const question = `This deletes ${ref} here and in every cloud, and forgets names and mail addresses for good. It cannot be undone.`;
  await askBefore(question, { yes: flags.yes || flags.dryRun, typed: ref });
  await write(context, 'DELETE', `/v1/users/${id}`, flags, { resource: id, query: { erase: 'true' } });
  if (!flags.dryRun) process.stderr.write(`Erased user/${id}.\n`);
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
