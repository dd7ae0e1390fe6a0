import { setTimeout as pause } from 'node:timers/promises';
import { unlinkSync } from 'node:fs';
import type { AccessKeyItem, AccessKeyView, SyncMap } from '@wami/contracts';
import type { Client } from '../api/client';
import type { Page } from '../api/references';
import { exitCodeOf, statesOf, waitUntilSettled } from '../api/wait';
import { CliError, EXIT } from '../exit-codes';
import { printRows, type Column } from '../output/format';
import { reportStates } from '../output/sync-states';
import { newRecipient } from '../sealed/open-sealed';
import { openSecretFile } from '../settings/save-secret';
import type { Context } from './context';

export interface CreateFlags {
  readonly timeout: number;
  readonly dryRun?: boolean;
  readonly syncTo?: string[];
  readonly save?: string;
}

/** What one cloud made. */
interface Made {
  readonly id: string;
  readonly target: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const COLUMNS: readonly Column<Made>[] = [
  { title: 'TARGET', value: ({ target }) => target }, { title: 'ACCESS KEY ID', value: ({ accessKeyId }) => accessKeyId }, { title: 'SECRET', value: ({ secretAccessKey }) => secretAccessKey },
  { title: 'ID', value: ({ id }) => id },
];
const SERVER_WAIT_SECONDS = 30;
const POLL_MS = 200;

/** Waits until every target has settled, and opens what was sealed to this process alone. */
export async function createAccessKey({ client, format }: Context, path: string, flags: CreateFlags): Promise<void> {
  const startedAt = Date.now();
  const deadline = startedAt + flags.timeout;
  const recipient = newRecipient();
  const body = { sealTo: recipient.sealTo, ...(flags.syncTo ? { syncToProviders: flags.syncTo } : {}) };
  if (flags.dryRun) {
    await client.call('POST', path, { body, query: { dryRun: 'true' } });
    process.stderr.write('Nothing was written (--dry-run).\n');
    return;
  }
  const file = flags.save === undefined ? undefined : openSecretFile(flags.save);
  try {
    const seconds = Math.min(SERVER_WAIT_SECONDS, Math.ceil(flags.timeout / 1000));
    const { body: { id, sync }, headers } = await client.call<AccessKeyView & { sync?: SyncMap }>('POST', path, { body, headers: { prefer: `wait=${seconds}` }, timeoutMs: (seconds + 30) * 1000 });
    process.once('SIGINT', () => process.stderr.write(`\nStopped waiting. Nobody can read the secret of access-key/${id} any more: delete it.\n`));
    const map = await waitUntilSettled(client, id, sync, deadline, headers.get('wami-position') ?? undefined);
    const made = (await issuedOf(client, path, id, map, deadline)).map(({ provider, account, accessKeyId, sealedSecret }): Made => (
      { id, target: `${provider}/${account}`, accessKeyId, secretAccessKey: recipient.open(sealedSecret, `${id} ${accessKeyId}`) }));
    if (file) file.keep(JSON.stringify(made));
    else printRows(made, COLUMNS, format, () => `access-key/${id}`);
    process.stderr.write(file ? `What was made is in ${file.path}.\n` : 'The secret is shown this once, and kept nowhere.\n');
    reportStates(map, startedAt, false);
    process.exitCode = exitCodeOf(statesOf(map));
  } catch (error) {
    if (file) unlinkSync(file.path);
    throw error;
  }
}

/** One for each target that agrees. What is told of a target comes with its success. */
async function issuedOf(client: Client, path: string, id: string, map: SyncMap, deadline: number): Promise<AccessKeyItem['issued']> {
  const expected = statesOf(map).filter(({ state }) => state === 'Synced').length;
  for (;;) {
    const { body } = await client.call<Page<AccessKeyItem>>('GET', path, { query: { limit: 1000 } });
    const issued = body.items.find((item) => item.id === id)?.issued ?? [];
    if (issued.length >= expected) return issued;
    if (Date.now() > deadline) throw new CliError(EXIT.waitRanOut, `What was made of access-key/${id} was not told in time, and nobody can read its secret any more.`, 'Delete it and create another.');
    await pause(POLL_MS);
  }
}
