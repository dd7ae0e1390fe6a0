import { hintOf, knownReason, type ExplainedTarget, type SyncState } from '@wami/contracts';
import { heldBy, pausedReason } from '@wami/domain';
import type { Known } from './known';

type Step = ExplainedTarget['plan'];
type Next = Pick<Step, 'ok' | 'next' | 'text'> & Partial<Step>;
type Of<S extends SyncState['state']> = Extract<SyncState, { state: S }>;

/** What is done next, when, and what would make it go. Pure. */
export function planStep(known: Known, asked: boolean): Step {
  const { state } = known;
  if (!state) return { ok: !asked, next: 'nothing', text: asked ? 'nothing: no state of it is known yet' : 'nothing', awaits: [] };
  const hint = hintOf(state);
  return { operation: state.operation, awaits: [], ...(hint === undefined ? {} : { hint }), ...(paused(known, state) ?? nextOf(known, state)) };
}

/** Also where the engine has not come to it since the pause began. */
function paused({ pauses: [pause] }: Known, state: SyncState): Next | undefined {
  const { pausedBy, nextRetryAt: goesOn } = state.state === 'Pending' ? state : {};
  const waits = state.state === 'Pending' || (state.state === 'Failed' && state.nextRetryAt !== undefined);
  if (!waits || (pausedBy === undefined && !pause)) return undefined;
  const until = pause ? pause.until : goesOn;
  const remedy = pause && knownReason(pausedReason(pause))?.remedy;
  return { ok: false, next: until === undefined ? 'somebody' : 'at', text: `${state.operation}, when the pause is over`, ...at(until), ...(remedy === undefined ? {} : { hint: remedy }) };
}

function nextOf(known: Known, state: SyncState): Next {
  switch (state.state) {
    case 'Synced': return { ok: true, next: 'nothing', text: 'nothing, until it changes' };
    case 'Syncing': return { ok: true, next: 'due', text: `${state.operation}, attempt ${state.attempt}, is being carried out` };
    case 'Pending': return pending(known, state);
    case 'Failed': return failed(known, state);
    case 'Skipped': return { ok: false, next: 'somebody', text: `nothing: ${state.reason}` };
    case 'NotConfigured': return { ok: false, next: 'somebody', text: `nothing: ${state.reason ?? 'it is not asked for'}` };
  }
}

function pending({ awaited, restsUntil, quarantined, waiting, config }: Known, state: Of<'Pending'>): Next {
  const { operation, nextRetryAt, reason = '' } = state;
  if (awaited) {
    const stands = awaited.state === undefined ? '' : `, which is ${awaited.state}${awaited.reason === undefined ? '' : ` (${awaited.reason})`}`;
    return { ok: awaited.state !== 'Failed' && awaited.state !== 'NotConfigured', next: 'awaits', text: `${operation}, once ${awaited.kind}/${awaited.resource} is there${stands}`, awaits: [awaited] };
  }
  if (heldBy(config, operation) === reason) return { ok: false, next: 'somebody', text: `${operation}, when somebody asks for it` };
  if (restsUntil !== undefined) return { ok: false, next: 'at', text: `${operation}, when the target has accepted its credentials`, at: restsUntil };
  if (quarantined !== undefined) return { ok: false, next: 'due', text: `${operation}, once the target can be called` };
  if (nextRetryAt !== undefined) return { ok: true, next: 'at', text: `${operation}: ${reason}`, at: nextRetryAt };
  return { ok: true, next: 'due', text: `${operation}, when its turn comes: ${waiting === 1 ? 'it alone waits' : `${waiting} that you may see wait`} there${reason.startsWith('in line') ? '' : `; ${reason}`}` };
}

function failed({ quarantined }: Known, { operation, error: { code, message }, nextRetryAt, retryCount }: Of<'Failed'>): Next {
  const why = `${code}: ${message}`;
  if (quarantined !== undefined) return { ok: false, next: 'due', text: `${operation} again, try ${retryCount + 2}, once the target can be called: ${why}` };
  return nextRetryAt === undefined ? { ok: false, next: 'somebody', text: `${operation} is not tried again by itself: ${why}` }
    : { ok: false, next: 'at', text: `${operation} again, try ${retryCount + 2}: ${why}`, at: nextRetryAt };
}

const at = (time: string | undefined): { at?: string } => (time === undefined ? {} : { at: time });
