import type { SyncMap } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { exitCodeOf, statesOf, waitUntilSettled } from '../api/wait';
import { EXIT } from '../exit-codes';
import { reportStates } from '../output/sync-states';
import type { Context } from './context';
import { parseDuration } from './times';

export interface WaitFlags {
  readonly wait?: boolean;
  readonly timeout: number;
  readonly dryRun?: boolean;
}

const SERVER_WAIT_SECONDS = 30;
const DEFAULT_TIMEOUT_MS = 300_000;

/** Flags of every command that writes something which is then synced. `always`: it waits whatever is said. */
export function addWriteOptions(command: Command, { always = false } = {}): Command {
  return (always ? command : command.option('-w, --wait', 'wait until every target has settled'))
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(DEFAULT_TIMEOUT_MS, '5m'))
    .option('--dry-run', 'check everything on the server and write nothing');
}

/** Sends a write; with `--wait` follows it until it settled and sets the exit code. Ctrl-C stops the waiting, not the work. */
export async function write<T extends object>(
  { client }: Context, method: string, path: string, flags: WaitFlags, options: { body?: unknown; resource?: string; query?: Readonly<Record<string, string>> } = {},
): Promise<T | undefined> {
  const startedAt = Date.now();
  const stopped = (): void => {
    process.stderr.write('\nStopped waiting; the change goes on. `wami status` shows it.\n');
    process.exit(EXIT.interrupted);
  };
  // Before what every command does at Ctrl-C, which is to end.
  if (flags.wait) process.prependOnceListener('SIGINT', stopped);
  const seconds = Math.min(SERVER_WAIT_SECONDS, Math.ceil(flags.timeout / 1000));
  const answer = await client.call<(T & { id?: string; sync?: SyncMap }) | undefined>(method, path, {
    ...(options.body === undefined ? {} : { body: options.body }), query: { ...options.query, dryRun: flags.dryRun ? 'true' : undefined },
    ...(flags.wait && !flags.dryRun ? { headers: { prefer: `wait=${seconds}` }, timeoutMs: (seconds + 30) * 1000 } : {}),
  });
  const resource = options.resource ?? answer.body?.id;
  if (flags.wait && !flags.dryRun && resource !== undefined) {
    const position = answer.headers.get('wami-position') ?? undefined;
    const map = await waitUntilSettled(client, resource, answer.body?.sync, startedAt + flags.timeout, position);
    reportStates(map, startedAt, method === 'DELETE');
    process.exitCode = exitCodeOf(statesOf(map));
    process.removeListener('SIGINT', stopped);
  }
  if (flags.dryRun) process.stderr.write('Nothing was written (--dry-run).\n');
  return answer.body;
}

/** The last line of a command names the next one. */
export function next(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`Next: ${line}\n`);
}
