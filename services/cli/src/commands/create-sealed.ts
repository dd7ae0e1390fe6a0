import { setTimeout as pause } from 'node:timers/promises';
import { unlinkSync } from 'node:fs';
import type { SyncMap } from '@wami/contracts';
import type { Client } from '../api/client';
import { exitCodeOf, statesOf, waitUntilSettled } from '../api/wait';
import { CliError, EXIT } from '../exit-codes';
import type { Format } from '../output/format';
import { reportStates } from '../output/sync-states';
import { newRecipient, type Recipient } from '../sealed/open-sealed';
import { openSecretFile } from '../settings/save-secret';
import type { Context } from './context';

export interface CreateFlags {
  readonly timeout: number;
  readonly dryRun?: boolean;
  readonly syncTo?: string[];
  readonly save?: string;
}

/** What is made at clouds with a secret that is told once. */
export interface SealedKind<Issued, Made extends object> {
  readonly kind: 'access-key' | 'login-profile' | 'mfa-device';
  /** What people call what is told. */
  readonly secret: 'secret' | 'password' | 'seed';
  /** What is said of it beside whom it is sealed to. */
  readonly body?: object;
  /** What clouds made of the one of this id so far. */
  readonly issued: (client: Client, id: string) => Promise<readonly Issued[]>;
  readonly open: (recipient: Recipient, id: string, issued: Issued) => Made;
  readonly print: (made: readonly Made[], format: Format) => void;
}

const SERVER_WAIT_SECONDS = 30;
const POLL_MS = 200;

/** Waits until every target has settled, and opens what was sealed to this process alone. */
export async function createSealed<Issued, Made extends object>({ client, format }: Context, path: string, flags: CreateFlags, of: SealedKind<Issued, Made>): Promise<void> {
  const startedAt = Date.now();
  const deadline = startedAt + flags.timeout;
  const recipient = newRecipient();
  const body = { ...of.body, sealTo: recipient.sealTo, ...(flags.syncTo ? { syncToProviders: flags.syncTo } : {}) };
  if (flags.dryRun) {
    await client.call('POST', path, { body, query: { dryRun: 'true' } });
    process.stderr.write('Nothing was written (--dry-run).\n');
    return;
  }
  const file = flags.save === undefined ? undefined : openSecretFile(flags.save);
  try {
    const seconds = Math.min(SERVER_WAIT_SECONDS, Math.ceil(flags.timeout / 1000));
    const { body: { id, sync }, headers } = await client.call<{ id: string; sync?: SyncMap }>('POST', path, { body, headers: { prefer: `wait=${seconds}` }, timeoutMs: (seconds + 30) * 1000 });
    process.once('SIGINT', () => process.stderr.write(`\nStopped waiting. Nobody can read the ${of.secret} of ${of.kind}/${id} any more: delete it.\n`));
    const map = await waitUntilSettled(client, id, sync, deadline, headers.get('wami-position') ?? undefined);
    const made = (await issuedOf(client, id, map, deadline, of)).map((issued) => of.open(recipient, id, issued));
    if (file) file.keep(JSON.stringify(made));
    else of.print(made, format);
    process.stderr.write(file ? `What was made is in ${file.path}.\n` : `The ${of.secret} is shown this once, and kept nowhere.\n`);
    reportStates(map, startedAt, false);
    process.exitCode = exitCodeOf(statesOf(map));
  } catch (error) {
    if (file) unlinkSync(file.path);
    throw error;
  }
}

/** One for each target that agrees. What is told of a target comes with its success. */
async function issuedOf<Issued>(client: Client, id: string, map: SyncMap, deadline: number, { kind, secret, issued }: Pick<SealedKind<Issued, object>, 'kind' | 'secret' | 'issued'>): Promise<readonly Issued[]> {
  const expected = statesOf(map).filter(({ state }) => state === 'Synced').length;
  for (;;) {
    const found = await issued(client, id);
    if (found.length >= expected) return found;
    if (Date.now() > deadline) throw new CliError(EXIT.waitRanOut, `What was made of ${kind}/${id} was not told in time, and nobody can read its ${secret} any more.`, 'Delete it and create another.');
    await pause(POLL_MS);
  }
}
