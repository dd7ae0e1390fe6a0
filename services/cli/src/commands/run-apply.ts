import { createHash, randomUUID } from 'node:crypto';
import { sentenceOf } from '../declaration/describe';
import { Execution, type Applied } from '../declaration/execute';
import type { Actual } from '../declaration/model';
import { correlationOf } from '../declaration/own-relations';
import { removalsOf, type Plan } from '../declaration/plan';
import { printPlan } from '../declaration/plan-data';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { colours } from '../output/colour';
import type { Context } from './context';
import { planned, type PlanFlags } from './planned';
import { sayTotal, showDiff } from './run-diff';
import { waitForAll } from './wait-for-all';
import { next } from './write';

export interface ApplyFlags extends PlanFlags {
  readonly allowDeletes: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly timeout: number;
}

/** Shows the plan, asks, does it. @throws CliError where it is refused, or not all was done */
export async function apply(context: Context, flags: ApplyFlags): Promise<void> {
  const { plan, actual } = await planned(context, flags);
  if (flags.dryRun) {
    showDiff(context, plan, flags);
    process.stderr.write('Nothing was written (--dry-run).\n');
    return;
  }
  if (plan.changes.length === 0 && plan.foreign.length === 0) {
    printPlan(plan, context.format);
    sayTotal(plan, context.format);
    return;
  }
  if (context.format === 'table') printPlan(plan, 'table');
  sayTotal(plan, context.format);
  refuse(plan, flags);
  await askBefore('Continue?', { yes: flags.yes, inputTaken: flags.file?.includes('-') });
  const applied = await execute(context, plan, actual);
  printPlan(plan, context.format, applied.outcomes);
  report(plan, applied);
  if (flags.wait) await waitForAll(context.client, applied, flags.timeout);
  else next('wami status');
}

/** @throws CliError for what is not done without a flag that allows it */
function refuse(plan: Plan, { allowDeletes }: ApplyFlags): void {
  const { foreign } = plan;
  if (foreign.length > 0) throw new CliError(EXIT.guarded, `Nothing was written: of what has to change ${foreign.length} ${foreign.length === 1 ? 'belongs' : 'belong'} to somebody else.`, '--adopt takes it over.');
  const removals = removalsOf(plan);
  if (removals > allowDeletes) throw new CliError(EXIT.guarded, `Nothing was written: this would take away ${removals}, and at most ${allowDeletes} are allowed.`, `--allow-deletes ${removals} allows it.`);
}

async function execute({ client }: Context, plan: Plan, actual: Actual): Promise<Applied> {
  const stopped = (): never => {
    process.stderr.write('\nStopped. What was done stays done; the same apply does the rest.\n');
    process.exit(EXIT.interrupted);
  };
  process.prependOnceListener('SIGINT', stopped);
  const correlation = correlationOf(plan.declaration, createHash('sha256').update(randomUUID()).digest('hex').slice(0, 12));
  const applied = await new Execution(client, plan, actual, correlation).run((done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${plan.changes.length}${done === plan.changes.length ? '\n' : ''}`);
  });
  process.removeListener('SIGINT', stopped);
  return applied;
}

function report(plan: Plan, { outcomes }: Applied): void {
  const failed = plan.changes.filter((change) => outcomes.get(change)?.state !== 'done');
  for (const change of failed) {
    const outcome = outcomes.get(change);
    if (outcome?.state === 'failed') {
      const { code, detail, title, requestId } = outcome.problem;
      process.stderr.write(`${colours.red('✗')} ${sentenceOf(change)}: ${code}: ${detail ?? title}\n  Request ${requestId}\n`);
    } else process.stderr.write(`${colours.red('✗')} ${sentenceOf(change)}: not tried, ${outcome?.state === 'skipped' ? outcome.why : 'what it needs failed'}\n`);
  }
  if (failed.length === 0) return void process.stderr.write(`${colours.green('✓')} ${plan.declaration}: all ${plan.changes.length} done.\n`);
  const conflict = failed.some((change) => {
    const outcome = outcomes.get(change);
    return outcome?.state === 'failed' && (outcome.problem.status === 412 || outcome.problem.status === 409);
  });
  throw new CliError(conflict ? EXIT.conflict : EXIT.failed, `${failed.length} of ${plan.changes.length} not done.`,
    conflict ? 'Somebody changed it meanwhile: look at `wami diff` and apply again.' : 'The same apply does the rest.');
}
