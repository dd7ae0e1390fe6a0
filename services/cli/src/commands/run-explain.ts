import type { Explanation, PlanView, StartedPlan } from '@wami/contracts';
import { STRONG } from '../api/client';
import { idOrArn } from '../api/references';
import { explanationLines, type FreshLook } from '../output/explanation';
import { printOne } from '../output/format';
import type { Context } from './context';
import { completePlan } from './run-sync-plan';
import { next } from './write';

export interface ExplainFlags {
  readonly provider?: string;
  readonly account?: string;
  readonly fresh?: boolean;
  readonly timeout: number;
}


/** @throws CliError */
export async function explain(context: Context, ref: string, { provider, account, fresh, timeout }: ExplainFlags): Promise<void> {
  const { client, format } = context;
  const id = await idOrArn(client, ref);
  const look = fresh ? await lookNow(context, id, provider, Date.now() + timeout) : undefined;
  const { body } = await client.call<Explanation>('GET', `/v1/resources/${encodeURIComponent(id)}/explain`, { query: { provider, account }, headers: STRONG });
  if (format !== 'table') return printOne({ ...body, ...(look ? { fresh: look } : {}) }, [], format, ({ kind, resource }) => `${kind}/${resource}`);
  process.stdout.write(`${explanationLines(body, look).join('\n')}\n`);
  if (look === undefined && body.targets.some(({ difference }) => difference.syncedVersion !== undefined)) next(`wami sync explain ${ref} --fresh`);
}

/** What a plan for this one resource finds; nothing is written in any cloud. */
async function lookNow(context: Context, id: string, provider: string | undefined, deadline: number): Promise<FreshLook> {
  const body = { resources: [id], ...(provider === undefined ? {} : { providers: [provider] }) };
  const { body: started } = await context.client.call<StartedPlan>('POST', '/v1/sync/plan', { body });
  const { id: plan, createdAt, targets, operations }: PlanView = await completePlan(context, started.plan, deadline);
  return { plan, at: createdAt, targets, operations };
}
