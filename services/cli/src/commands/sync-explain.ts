import { Option, type Command } from 'commander';
import { contextOf } from './context';
import type { ExplainFlags } from './run-explain';
import { parseDuration } from './times';

const EXAMPLES = `Examples:
  wami sync explain user/ann                          why is it as it is, at each target; ann alone does where nothing else is named so
  wami sync explain usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y --provider aws
  wami sync explain user/ann --fresh                  with a look at the clouds as they are now; writes nothing
`;

export function addSyncExplain(sync: Command): void {
  sync.command('explain').argument('<resource>', 'KIND/NAME, a name that one alone has, id or ARN')
    .description('why a resource is as it is: in scope, matched to what, what differs, what is done next')
    .option('--provider <name>', 'only at this provider').option('--account <id>', 'only at this account; with --provider also one that nobody asks for')
    .option('--fresh', 'look at the clouds now (makes a plan; needs the role operator)')
    .addOption(new Option('--timeout <duration>', 'how long to wait for the look').argParser(parseDuration).default(60_000, '1m'))
    .addHelpText('before', EXAMPLES)
    .action(async (ref: string, flags: ExplainFlags, command: Command) => (await import('./run-explain.js')).explain(contextOf(command), ref, flags));
}
