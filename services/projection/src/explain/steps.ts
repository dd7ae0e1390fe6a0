import { hintOf, knownReason, REASON_HELP, SYNC_ERROR_HELP, type ExplainedTarget } from '@wami/contracts';
import { heldBy, NOT_ASKED_FOR, pausedReason, wantedTargets } from '@wami/domain';
import { nameOf, standing, type Known } from './known';
import { planStep } from './plan-step';

type Scope = ExplainedTarget['scope'];
type Match = ExplainedTarget['match'];
type Difference = ExplainedTarget['difference'];

/** The four steps, from what is on record. Pure. */
export function explained(known: Known): ExplainedTarget {
  const { target, state } = known;
  const scope = scopeStep(known);
  return { ...target, ...(state ? { state } : {}), scope, match: matchStep(known), difference: differenceStep(known), plan: planStep(known, scope.asked) };
}

function scopeStep(known: Known): Scope {
  const { about, target, config, settings, pauses } = known;
  const asked = wantedTargets(config, about.syncToProviders).some(({ provider, account }) => provider === target.provider && account === target.account);
  const facts = { asked, settings: [...settings], ...(about.syncToProviders ? { syncToProviders: [...about.syncToProviders] } : {}), pauses: [...pauses] };
  const obstacle = outside(known, asked) ?? heldBack(known);
  return obstacle ? { ok: false, ...obstacle, ...facts } : { ok: true, text: `asked for by ${askedBy(known)}, and nothing holds it back`, ...facts };
}

interface Obstacle {
  readonly text: string;
  readonly hint?: string;
}

const askedBy = ({ about, settings }: Known): string => `${about.tenant}${from(settings.find(({ setting }) => setting === 'providers')?.from, about.tenant)}`;
const from = (by: string | undefined, tenant: string): string => (by === undefined || by === tenant ? '' : ` (settings of ${by})`);

function outside({ about, target, config }: Known, asked: boolean): Obstacle | undefined {
  if (asked) return undefined;
  const wanted = config.providers.some(({ provider, account }) => provider === target.provider && account === target.account);
  const text = wanted ? `the resource's own syncToProviders (${about.syncToProviders?.join(', ') || 'none'}) leaves ${nameOf(target)} out` : `the settings of ${about.tenant} do not ask for ${nameOf(target)}`;
  return { text, hint: REASON_HELP[NOT_ASKED_FOR] };
}

const QUARANTINED = 'It goes on by itself with the first call that succeeds; `wami provider check` (`POST /v1/sync/check`) tells what the cloud says now.';

/** Asked for, and yet nothing is done for now. */
function heldBack({ state, pauses, config, restsUntil, quarantined }: Known): Obstacle | undefined {
  const [pause] = pauses;
  if (pause) return { text: `asked for, but ${pausedReason(pause)}`, ...remedyOf(pausedReason(pause)) };
  if (state?.state === 'NotConfigured') return { text: `asked for, but ${state.reason ?? 'no connection allows it'}`, ...hinted(state.hint) };
  if (state?.state === 'Skipped' && state.reason.startsWith('connection is in observe mode')) return { text: `asked for, but the ${state.reason}`, ...hinted(state.hint) };
  if (restsUntil !== undefined) return { text: `asked for, but the target rests until ${restsUntil}: the cloud rejected its credentials`, hint: SYNC_ERROR_HELP.AuthExpired.remedy };
  if (quarantined !== undefined) return { text: `asked for, but the target is in quarantine: ${quarantined}`, hint: QUARANTINED };
  const held = state && state.state !== 'Synced' ? heldBy(config, state.operation) : undefined;
  return held === undefined ? undefined : { text: `asked for, but ${held}`, ...remedyOf(held) };
}

const hinted = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint });
const remedyOf = (reason: string): { hint?: string } => hinted(knownReason(reason)?.remedy);

function matchStep(known: Known): Match {
  const { state, first } = known;
  const there = standing(known);
  const existing = state?.state === 'Failed' && state.error.code === 'Conflict' ? state.error.details?.['existing'] as Readonly<Record<string, unknown>> | undefined : undefined;
  if (there) {
    const how = first?.operation === 'adopt' ? 'adopted' as const : first?.operation === 'create' ? 'made' as const : undefined;
    const words = how === 'adopted' ? ', which was there and was adopted' : how === 'made' ? ', made by WAMI' : '';
    return {
      ok: true, text: `matched to ${there.nativeArn || 'something whose name is not told'}${words}`, ...(how ? { how } : {}), ...(first ? { since: first.time } : {}),
      ...(there.nativeArn ? { nativeArn: there.nativeArn } : {}), ...(there.providerResourceId ? { providerResourceId: there.providerResourceId } : {}), ...(existing ? { existing } : {}),
    };
  }
  if (existing) return { ok: false, text: `matched to nothing: ${String(existing['nativeArn'] ?? 'something')} has its name and is not managed by WAMI`, ...hinted(state && hintOf(state)), existing };
  if (state?.state === 'Failed' && state.error.code === 'Conflict') return { ok: false, text: `matched to nothing: ${state.error.message}`, ...hinted(hintOf(state)) };
  if (known.last) return { ok: true, text: 'matched to nothing: it was deleted there' };
  return { ok: true, text: 'matched to nothing yet; what an attempt may have left is found by its mark' };
}

function differenceStep(known: Known): Difference {
  const { about: { version, deleted }, changed, state } = known;
  const there = standing(known);
  const facts = { version, ...(there ? { syncedVersion: there.version, syncedAt: there.time } : {}), changes: changed?.changes ?? [], more: changed?.more ?? 0 };
  if (deleted) return { ok: state === undefined, text: there ? 'deleted here: all of it is to go' : 'deleted here, and nothing of it is known to be there', ...facts, changes: [], more: 0 };
  if (changed === undefined) return { ok: false, text: 'its history is too long to be compared here: `wami sync plan` compares it with the cloud', ...facts };
  if (!there) return { ok: false, text: 'nothing of it is there: all of it is to be made', ...facts };
  const count = facts.changes.length + facts.more;
  if (count > 0) return { ok: false, text: `version ${there.version} was synced; since then ${count === 1 ? 'one field' : `${count} fields`} changed`, ...facts };
  const same = `what was synced is what is wanted (version ${version})`;
  return { ok: true, text: state?.state === 'Synced' ? `none: ${same}; a fresh look at the cloud is a plan` : `none on record: ${same}; only a look at the cloud tells`, ...facts };
}
