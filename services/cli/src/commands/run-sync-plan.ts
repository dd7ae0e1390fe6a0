import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobView, PlanSummary, PlanView, StartedPlan } from '@wami/contracts';
import { STRONG } from '../api/client';
import { jobDone } from '../api/job-done';
import { readAll } from '../api/pages';
import { idOrArn } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printOne, printRows } from '../output/format';
import { guardSentencesOf, OPERATIONS, operationName, planName, PLANS, sentencesOf, totalOf, writesOf } from '../output/sync-plans';
import type { Context } from './context';
import { next } from './write';

export interface PlanFlags {
  readonly kind?: string;
  readonly provider?: readonly string[];
  readonly expiresIn: number;
  readonly timeout: number;
  readonly out?: string;
  readonly exitCode?: boolean;
  readonly detailedExitcode?: boolean;
}

export interface PlansFlags {
  readonly state?: string;
}

export interface ApplyFlags {
  readonly yes?: boolean;
  readonly timeout: number;
}

const LOOK_AGAIN_MS = 300;
const READ = { headers: STRONG };
/** As many as are shown to a person. */
const SHOWN = 1000;

/** @throws CliError */
export async function plan(context: Context, refs: readonly string[], { kind, provider, expiresIn, timeout, out, exitCode, detailedExitcode }: PlanFlags): Promise<void> {
  const { client } = context;
  const resources = await Promise.all(refs.map((ref) => idOrArn(client, ref)));
  const filter = { ...(client.settings.tenant === undefined ? {} : { tenant: client.settings.tenant }), ...(kind === undefined ? {} : { kind }) };
  const body = {
    ...(resources.length > 0 ? { resources } : {}), ...(Object.keys(filter).length > 0 ? { filter } : {}), ...(provider ? { providers: provider } : {}),
    expiresInSeconds: Math.round(expiresIn / 1000),
  };
  const { body: { plan: id } } = await client.call<StartedPlan>('POST', '/v1/sync/plan', { body });
  const made = await completePlan(context, id, Date.now() + timeout);
  show(context, made);
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(made, null, 2)}\n`);
  const writes = writesOf(made);
  if (writes > 0) next(`wami sync apply ${out ?? id}`);
  if ((exitCode || detailedExitcode) && writes > 0) process.exitCode = EXIT.differences;
}

export async function plans({ client, format }: Context, { state }: PlansFlags): Promise<void> {
  const found = await readAll<PlanSummary>(client, '/v1/plans', { tenant: client.settings.tenant, state }, READ.headers);
  if (found.length === 0 && format === 'table') process.stderr.write('There is no such plan.\n');
  printRows(found, PLANS, format, planName);
}

/** @throws CliError where it is refused, or not all was done */
export async function applyPlan(context: Context, ref: string, { yes, timeout }: ApplyFlags): Promise<void> {
  const { client } = context;
  const kept = existsSync(ref) ? readPlan(ref) : undefined;
  const shown = await completePlan(context, kept?.id ?? ref, Date.now() + timeout);
  if (kept?.hash !== undefined && kept.hash !== shown.hash) throw new CliError(EXIT.conflict, 'Nothing was written: the file is not of this plan.', 'Make a new one: wami sync plan');
  if (shown.state === 'applied') throw new CliError(EXIT.conflict, `Nothing was written: ${shown.id} was applied already.`, 'See what is left: wami sync plan');
  if (context.format === 'table') show(context, shown);
  await askBefore('Apply it?', { yes });
  const { body: { job } } = await client.call<{ job: string }>('POST', `/v1/plans/${shown.id}/apply`, { body: shown.hash === undefined ? {} : { hash: shown.hash } });
  const done = await jobDone(client, job, {
    timeoutMs: timeout, late: ({ stillPending, total }) => new CliError(EXIT.waitRanOut, `${stillPending} of ${total} are still under way.`, 'wami status shows them.'),
  });
  await report(context, shown.id, done);
}

/** The plan once every target has answered. @throws CliError where the time is up */
export async function completePlan({ client }: Context, id: string, deadline: number): Promise<PlanView> {
  for (;;) {
    const { body } = await client.call<PlanView>('GET', `/v1/plans/${encodeURIComponent(id)}`, { ...READ, query: { limit: SHOWN } });
    if (body.state !== 'running') return body;
    const open = body.targets.filter(({ state }) => state === 'planning').map(({ provider, account }) => `${provider}/${account}`);
    if (Date.now() >= deadline) throw new CliError(EXIT.waitRanOut, `${open.join(', ')} did not answer in time.`, `Look again later: wami sync apply ${id}`);
    await pause(LOOK_AGAIN_MS);
  }
}

function show({ format }: Context, made: PlanView): void {
  if (format !== 'table') return format === 'jsonl' || format === 'name' ? printRows(made.operations, OPERATIONS, format, operationName) : printOne(made, [], format, ({ id }) => id);
  for (const sentence of sentencesOf(made)) process.stdout.write(`${sentence}\n`);
  printRows(made.operations, OPERATIONS, 'table', operationName);
  if (made.nextCursor !== undefined) process.stderr.write(`Only the first ${made.operations.length} are shown.\n`);
  for (const sentence of guardSentencesOf(made)) process.stderr.write(`! ${sentence}\n`);
  process.stderr.write(`${made.id}: ${totalOf(made)}. It may be applied until ${made.expiresAt}.\n`);
}

async function report({ client, format }: Context, id: string, { total, succeeded, failed, refused: notDone = [] }: JobView): Promise<void> {
  const { body: after } = await client.call<PlanView>('GET', `/v1/plans/${id}`, { ...READ, query: { limit: SHOWN } });
  const refused = after.operations.filter((operation) => operation.refused !== undefined);
  if (format !== 'table' && format !== 'none') printOne({ id, total, succeeded, failed, refused, targets: after.targets }, [], format, () => id);
  for (const { provider, account, reason, operations } of notDone) process.stderr.write(`✗ ${provider}/${account}: none of ${operations} was done: ${reason}\n`);
  for (const operation of refused) process.stderr.write(`✗ ${operationName(operation)}: not done: ${operation.refused ?? ''}\n`);
  process.stderr.write(`${succeeded} of ${total} done${failed > 0 ? `, ${failed} not` : ''}.\n`);
  if (refused.length > 0 || notDone.length > 0) process.exitCode = EXIT.conflict;
  else if (failed > 0) process.exitCode = EXIT.notAllSynced;
}

function readPlan(file: string): Pick<PlanView, 'id' | 'hash'> {
  try {
    const { id, hash } = JSON.parse(readFileSync(file, 'utf8')) as Partial<PlanView>;
    if (typeof id === 'string') return { id, ...(typeof hash === 'string' ? { hash } : {}) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CliError(EXIT.usage, `${file} is no plan.`, 'wami sync plan --out writes one.');
}
