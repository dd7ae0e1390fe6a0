import { Option, type Command } from 'commander';
import { collect, contextOf, parseCount } from './context';
import type { PlanFlags } from './planned';
import type { ApplyFlags } from './run-apply';
import { parseDuration, parseEnd } from './times';

const AT = 'as it was at this position or time (RFC 3339, with its zone: 2027-01-31T12:00:00Z), out of the event log; needs the administrator\'s token';
const DEFAULT_REMOVALS = 10;
const DEFAULT_TIMEOUT_MS = 300_000;

/** An organisation in a file. What does the work is loaded when it is asked for: it needs the schemas, and every command would start later. */
export function addDeclaredCommands(program: Command): void {
  addPlanOptions(program.command('diff').description('what apply would do to bring WAMI to what a file declares; writes nothing'))
    .addHelpText('before', 'Examples:\n  wami diff -f org.yaml\n  wami diff -f org/ --prune --exit-code    in CI: 2 where there is something to do\n  wami -t acme diff --at 2027-01-31T12:00:00Z    what would bring acme back to how it was then\n')
    .action(async (flags: PlanFlags, command: Command) => (await import('./run-diff.js')).diff(contextOf(command), flags));
  addPlanOptions(program.command('apply').description('bring WAMI to what a file declares: shows what it would do, asks, does it'))
    .addOption(new Option('--allow-deletes <n>', 'how many things, memberships and attachments it may take away').argParser(parseCount).default(DEFAULT_REMOVALS))
    .option('-y, --yes', 'do not ask').option('--dry-run', 'the same as wami diff').option('-w, --wait', 'wait until every target has settled')
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(DEFAULT_TIMEOUT_MS, '5m'))
    .addHelpText('before', `Examples:
  wami apply -f org.yaml                  look, say yes
  wami apply -f org/ --yes --wait         in CI
  wami apply -f org.yaml --prune          also delete what the file no longer has and an earlier apply made
  wami -t acme apply --at 2027-01-31T12:00:00Z --allow-deletes 40     back to how acme was then, out of the event log
`).action(async (flags: ApplyFlags, command: Command) => (await import('./run-apply.js')).apply(contextOf(command), flags));
  program.command('export').option('--declaration <name>', 'name of the declaration; default: the tenant, else organisation')
    .option('--at <end>', AT, parseEnd).description('write what is there as a file for apply, of --tenant and below or of all that you see')
    .addHelpText('before', 'Examples:\n  wami -t acme export > org.yaml && wami diff -f org.yaml\n  wami -t acme export --at 2027-01-31T12:00:00Z > then.yaml\n')
    .action(async (flags: { declaration?: string; at?: string }, command: Command) => (await import('./run-export.js')).exportAll(contextOf(command), flags));
  program.command('schema').description('print the JSON Schema of a file for apply').action(async () => (await import('./run-export.js')).printSchema());
}

/** Flags of what makes a plan out of files. */
function addPlanOptions(command: Command): Command {
  return command.addOption(new Option('-f, --file <path>', 'a file, a folder of .yaml files, - for stdin (repeatable)').argParser(collect))
    .option('--at <end>', AT, parseEnd).option('--prune', 'also delete what an earlier apply of this declaration made and the file no longer has')
    .option('--adopt', 'also take over what somebody else made')
    .option('--exit-code', 'end with 2 where there is something to do');
}
