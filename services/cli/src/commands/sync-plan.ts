import { Option, type Command } from 'commander';
import { collect, contextOf } from './context';
import type { ApplyFlags, PlanFlags, PlansFlags } from './run-sync-plan';
import { parseDuration } from './times';

const PLAN_EXAMPLES = `Examples:
  wami sync plan                                   what would a sync do, in the clouds as they are now
  wami sync plan user/ann --provider aws           for one user at one provider
  wami sync plan --out plan.json --exit-code       in CI: keep it for wami sync apply, 2 where there is something to do
`;
const PLANS_EXAMPLES = `Examples:
  wami sync plans --state complete                 what may be applied now
  wami sync plans --tenant acme -o json            of acme and below
`;
const APPLY_EXAMPLES = `Examples:
  wami sync apply pln_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y   look, say yes
  wami sync apply plan.json --yes                  just what was kept by wami sync plan --out
`;

/** `plan`, `plans` and `apply`. */
export function addPlanCommands(sync: Command): void {
  sync.command('plan').argument('[resources...]', 'KIND/NAME, ids or ARNs; without any: everything').description('what a sync would do; writes nothing')
    .option('--kind <kind>', 'only resources of this kind').addOption(new Option('--provider <name>', 'only at this provider (repeatable)').argParser(collect))
    .addOption(new Option('--expires-in <duration>', 'how long it may be applied').argParser(parseDuration).default(3_600_000, '1h'))
    .addOption(new Option('--timeout <duration>', 'how long to wait for the answers').argParser(parseDuration).default(300_000, '5m'))
    .option('--out <file>', 'keep it in a file for wami sync apply')
    .option('--exit-code', 'end with 2 where there is something to do').option('--detailed-exitcode', 'the same')
    .addHelpText('before', PLAN_EXAMPLES)
    .action(async (resources: string[], flags: PlanFlags, command: Command) => (await import('./run-sync-plan.js')).plan(contextOf(command), resources, flags));
  sync.command('plans').description('plans that were made: how far they are, and until when they may be applied')
    .addOption(new Option('--state <state>', 'only these').choices(['running', 'complete', 'expired', 'applied']))
    .addHelpText('before', PLANS_EXAMPLES)
    .action(async (flags: PlansFlags, command: Command) => (await import('./run-sync-plan.js')).plans(contextOf(command), flags));
  sync.command('apply').argument('<plan>', 'id of a plan, or a file of wami sync plan --out').description('carry out a plan, as far as nothing moved since it was made')
    .option('-y, --yes', 'do not ask').addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(300_000, '5m'))
    .addHelpText('before', APPLY_EXAMPLES)
    .action(async (plan: string, flags: ApplyFlags, command: Command) => (await import('./run-sync-plan.js')).applyPlan(contextOf(command), plan, flags));
}
