import { totalOf } from '../declaration/describe';
import { printPlan } from '../declaration/plan-data';
import type { Plan } from '../declaration/plan';
import { EXIT } from '../exit-codes';
import type { Format } from '../output/format';
import type { Context } from './context';
import { isEmpty, planned, type PlanFlags } from './planned';
import { next } from './write';

export async function diff(context: Context, flags: PlanFlags): Promise<void> {
  const { plan } = await planned(context, flags);
  showDiff(context, plan, flags);
  if (!isEmpty(plan)) next(flags.at === undefined ? `wami apply -f ${flags.file?.join(' -f ') ?? ''}` : `wami apply --at ${flags.at}`);
}

export function showDiff({ format }: Pick<Context, 'format'>, plan: Plan, { exitCode }: PlanFlags): void {
  printPlan(plan, format);
  sayTotal(plan, format);
  if (exitCode && !isEmpty(plan)) process.exitCode = EXIT.differences;
}

export function sayTotal({ declaration, changes, foreign, kept }: Plan, format: Format): void {
  if (format === 'none') return;
  const rest = [...(foreign.length > 0 ? [`${foreign.length} of somebody else`] : []), ...(kept.length > 0 ? [`${kept.length} left as they are`] : [])];
  process.stderr.write(`${declaration}: ${[totalOf(changes), ...rest].join(', ')}.\n`);
}
