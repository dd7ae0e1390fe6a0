import { setTimeout as pause } from 'node:timers/promises';
import type { RepairItem, RepairView, StartedRepair } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG, type Client } from '../api/client';
import { readAll } from '../api/pages';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printOne, printRows, type Column } from '../output/format';
import { contextOf } from './context';
import { parseDuration } from './times';

interface Flags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

const COLUMNS: readonly Column<RepairItem>[] = [
  { title: 'PLACE', value: ({ place }) => place }, { title: 'KIND', value: ({ kind }) => kind }, { title: 'RESOURCE', value: ({ resource }) => resource },
  { title: 'TARGET', value: ({ provider, account }) => [provider, account].filter((part) => part !== undefined).join('/') },
  { title: 'DIFFERS', value: ({ fields, action, code }) => [...(action === undefined ? [] : [action]), ...fields, ...(code === undefined ? [] : [code])].join(' ') },
  { title: 'NOW', value: ({ right }) => (right ? 'right' : 'wrong') },
];
const DEFAULT_TENANT = 'default';
const LOOK_AGAIN_MS = 300;

const HELP = `
Examples:
  wami sync repair --dry-run                        what disagrees with the store: engines, read model, clouds; changes nothing
  wami sync repair --tenant acme                    put it right, once you said yes
  wami sync repair --tenant acme --yes -o json      for a program

Ends with 1 where something is still wrong, 2 where a dry run found something, 8 where --timeout ran out; the repair goes on without you. See docs/repair.md.`;

/** `wami sync repair`. */
export function addSyncRepair(sync: Command): void {
  sync.command('repair').description('compare store, engines, read model and clouds, and put right what disagrees')
    .option('--dry-run', 'only say what disagrees')
    .option('-y, --yes', 'do not ask before putting it right')
    .option('--wait', 'wait for the end and print what disagreed (the default)').option('--no-wait', 'do not wait; print the id of the repair')
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(600_000, '10m'))
    .addHelpText('after', HELP)
    .action(async ({ dryRun = false, yes, wait, timeout }: Flags, command: Command) => {
      const { client, format } = contextOf(command);
      const tenant = client.settings.tenant ?? DEFAULT_TENANT;
      const about = `Whatever disagrees with the store becomes as ${tenant} has it, in its clouds too.`;
      if (!dryRun) await askBefore(`${about} Continue?`, { yes, about });
      const { body: { repair }, headers } = await client.call<StartedRepair>('POST', '/v1/sync/repair', { body: { tenant, dryRun } });
      if (wait === false) return printOne({ repair }, [{ title: 'REPAIR', value: (one: { repair: string }) => one.repair }], format, (one) => `repair/${one.repair}`);
      const done = await repairDone(client, repair, headers.get('wami-position') ?? undefined, timeout);
      printRows(await readAll<RepairItem>(client, `/v1/repairs/${repair}/items`), COLUMNS, format, ({ resource }) => resource);
      judge(done);
    });
}

async function repairDone(client: Client, repair: string, after: string | undefined, timeoutMs: number): Promise<RepairView> {
  const headers: Readonly<Record<string, string>> = after === undefined ? STRONG : { 'wami-after': after };
  for (const deadline = Date.now() + timeoutMs; ;) {
    const { body } = await client.call<RepairView>('GET', `/v1/repairs/${repair}`, { headers });
    if (body.state !== 'running') return body;
    if (Date.now() >= deadline) throw new CliError(EXIT.waitRanOut, `The repair ${repair} goes on: ${body.waitingFor.join(', ')} not answered yet.`, `It goes on without you; see GET /v1/repairs/${repair}`);
    await pause(LOOK_AGAIN_MS);
  }
}

/** @throws CliError where something is wrong. */
function judge({ id, dryRun, state, waitingFor, compared, counts }: RepairView): void {
  const places = Object.entries(counts).map(([place, { found, right }]) => `${place} ${found}${dryRun || found === 0 ? '' : ` (${right} right now)`}`);
  process.stderr.write(`${compared} compared. Disagreed: ${places.join(', ')}.\n`);
  const wrong = Object.values(counts).reduce((sum, { found, right }) => sum + found - right, 0);
  if (state === 'expired') throw new CliError(EXIT.failed, `Not everybody has answered: ${waitingFor.join(', ')}.`, `See GET /v1/repairs/${id}`);
  if (wrong > 0 && dryRun) process.exitCode = EXIT.differences;
  else if (wrong > 0) throw new CliError(EXIT.failed, 'Not everything is right now.', 'See DIFFERS for why, and `wami status`.');
}
