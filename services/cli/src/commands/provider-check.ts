import type { Command } from 'commander';
import { addJobOptions } from './ask-job';
import { contextOf } from './context';
import type { CheckFlags } from './run-provider-check';

const EXAMPLES = `Examples:
  wami provider check                            every target that you may use
  wami provider check aws/123456789012           now, in quarantine too: who are we there, what is denied, what can it hold
  wami provider check --exit-code                in CI: 2 where something is denied, rests, or its credentials end soon
`;

/** `wami provider check`. */
export function addProviderCheck(provider: Command): void {
  addJobOptions(provider.command('check').argument('[target]', 'PROVIDER/ACCOUNT such as aws/123456789012').description('ask the provider now who we are there, and tell what is known to be denied'))
    .option('--exit-code', 'end with 2 where it accepts us, but something is denied, it rests, or its credentials end soon')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', '\nEnds with 0 where every provider took the credentials, 1 where one did not or did not answer, 5 where there is no such target, 8 where --timeout ran out: then the sync service of what is told as no-answer is not running. '
      + 'Credentials that are accepted end a quarantine that was for their sake.\nWhat is denied is known from what failed so far: DENIED counts the messages among the first 1,000 that are Failed now.')
    // It needs the schemas, and every command would start later.
    .action(async (name: string | undefined, flags: CheckFlags, command: Command) => (await import('./run-provider-check.js')).check(contextOf(command), name, flags));
}
