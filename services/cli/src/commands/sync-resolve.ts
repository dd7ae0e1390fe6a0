import type { ConflictStrategy, SyncMap } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG } from '../api/client';
import { idOrArn } from '../api/references';
import { exitCodeOf, statesOf } from '../api/wait';
import { printStates, reportHints } from '../output/sync-states';
import { addJobOptions, askJob, type JobFlags } from './ask-job';
import { contextOf } from './context';

interface Flags extends JobFlags {
  readonly provider: string;
  readonly account?: string;
  readonly strategy: ConflictStrategy;
}

/** Named here: the schemas would make every command start later. */
const STRATEGIES: Readonly<Record<ConflictStrategy, true>> = { skip: true, fail: true, overwrite: true, merge: true };

const EXAMPLES = `Examples:
  wami conflicts                                                      what waits for somebody
  wami sync resolve user/ann --provider aws --strategy overwrite      what stands there is taken over and made as it is here
  wami sync resolve user/ann --provider aws --strategy merge          taken over; what it alone has becomes part of ann
  wami sync resolve user/ann --provider aws --strategy skip           both stay as they are, and it is no failure
  wami sync resolve user/ann --provider aws --strategy fail           both stay as they are: looked at again, told again
`;

const HELP = `
It settles this one, once; what holds for every conflict of a tenant says \`wami tenant sync-config --on-conflict\`. Waits until it is settled and prints the
state: ends with 0 where that is Synced, 3 where it is not, 8 where it is still tried. See docs/conflicts.md.`;

/** `wami sync resolve`. */
export function addSyncResolve(sync: Command): void {
  addJobOptions(sync.command('resolve').argument('<resource>', 'KIND/NAME such as user/ann, an id or an ARN').description('settle a conflict that `wami conflicts` shows')
    .addOption(new Option('--provider <name>', 'provider, like aws').makeOptionMandatory())
    .option('--account <account>', 'which account, where the tenant is synced to several; else at all of them')
    .addOption(new Option('--strategy <strategy>', 'what becomes of it').choices(Object.keys(STRATEGIES)).makeOptionMandatory()))
    .addHelpText('before', EXAMPLES).addHelpText('after', HELP)
    .action(async (ref: string, { strategy, ...flags }: Flags, command: Command) => {
      const context = contextOf(command);
      const { client, format } = context;
      const resource = await idOrArn(client, ref);
      const at = { provider: flags.provider, ...(flags.account === undefined ? {} : { account: flags.account }) };
      const done = await askJob(context, '/v1/sync/resolve', { resource, ...at, strategy }, flags, ({ stillPending }) => `${stillPending} not settled yet`);
      if (!done) return;
      const { body } = await client.call<SyncMap>('GET', `/v1/resources/${encodeURIComponent(resource)}/sync`, { headers: STRONG });
      const states = statesOf(body).filter(({ provider, account }) => provider === at.provider && account === (at.account ?? account));
      printStates(states, format);
      if (format === 'table') reportHints(states);
      process.exitCode = exitCodeOf(states);
    });
}
