import type { SyncPlanEvent } from '@wami/contracts';
import { bindingStream, type Binding } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import { asksAt } from '../guard/put-aside';
import type { Outcome, OutcomeOf } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import { about, type Judge, type Verdict } from '../record/verdict';

/**
 * The binding is as it was before the approval: held where it was held, due when it was due, or now where something else asked meanwhile.
 * Of a pass that was announced as an attempt it is said that it came to nothing.
 */
export function settleRefused(current: Binding, work: Work, { why, unfinished, operation }: OutcomeOf<'refused'>, { provider, now }: Judge): Verdict {
  const { plan } = work.binding;
  if (plan === null) throw new Error('only a plan is refused');
  const { state, errorCode, waitingFor, connectionHold, retryCount, fastRetries, held } = current;
  const refusal: SyncPlanEvent = {
    type: 'wami.sync.plan-refused.v1', stream: bindingStream(provider, current), key: current.resource, tenant: current.tenant, subject: current.subject,
    data: { plan: plan.plan, resource: current.resource, kind: current.kind, provider, account: current.account, why, jobs: [plan.job] }, personal: {},
  };
  const asked = current.generation > plan.generation;
  const row: Partial<Binding> = {
    state, errorCode, waitingFor, connectionHold, retryCount, fastRetries, unfinished, verifySince: null,
    dueAt: held ? null : asked || plan.checked ? now : plan.dueAt,
  };
  if (!plan.checked) return { events: [refusal], row, settles: [plan.job] };
  const reason = 'left as it is: it is not as it was when the plan was made';
  const waiting = bindingEvent('wami.sync.waiting.v1', provider, work.binding, { ...about(work, operation), jobs: [] }, { reason }, {});
  return { events: [waiting, refusal], row: { ...row, state: 'Pending' }, settles: [plan.job] };
}

/** Nothing is said: the next pass is the attempt. What an attempt before may have done stays to be looked for. */
export function settleChecked(current: Binding, { lost }: Work, outcome: Outcome, judge: Judge): Verdict {
  const { state, errorCode, waitingFor, connectionHold, verifySince } = current;
  return { events: [], row: { state, errorCode, waitingFor, connectionHold, verifySince, unfinished: lost, dueAt: current.plan?.approved ? judge.now : asksAt(outcome, judge) ?? judge.now }, settles: [] };
}

/** What of the approval is left after a pass. One that is tried again is still what was approved; another approval came later and stands. */
export function expectationAfter(current: Binding, { binding: before, lost }: Work, { is, presence }: Outcome, { dueAt }: Partial<Binding>): Binding['plan'] {
  const { plan } = before;
  if (plan === null || current.plan?.job !== plan.job) return current.plan;
  if (is === 'checked') return { ...plan, checked: true, ...(lost ? { lostBefore: true } : {}) };
  const goesOn = is === 'waiting' || is === 'paused' || (is === 'failed' && dueAt !== undefined && dueAt !== null);
  return goesOn ? { ...plan, begun: plan.begun || (plan.checked && presence !== before.presence) } : null;
}
