import { CONFLICTS_LEFT, reasonOfMany, WORST_FIRST, type SyncState } from '@wami/contracts';
import { visibleSyncState, type BindingIdentity, type BindingIntent, type BindingOutcome } from '@wami/domain';
import { bindingIntent, everWanted, type Target } from './binding-intent';
import type { SyncResource, SyncStateRow, SyncTenant } from './sync-states.table';
import { targetName } from './tenant-tree';

type Visible = Pick<SyncStateRow, 'state' | 'rank' | 'code' | 'reason' | 'skipped_for' | 'held' | 'conflicting' | 'updated_at' | 'body' | 'intent'>;
const UNSEEN: Visible = { state: null, rank: WORST_FIRST.length, code: '', reason: null, skipped_for: '', held: false, conflicting: false, updated_at: '', body: null, intent: '' };

/** What is known of one binding: its resource and tenant as far as they have arrived, and what the engine said. */
export interface Known {
  readonly resource: SyncResource | undefined;
  readonly tenant: SyncTenant | undefined;
  readonly said: BindingOutcome | undefined;
}

/** Whether there is a row for this binding: it was asked for at some time, or an engine spoke of it. */
export function hasRow({ resource, tenant, said }: Known, target: Target): boolean {
  if (said) return true;
  return resource !== undefined && tenant !== undefined && everWanted(resource, tenant.flips[targetName(target.provider, target.account)] ?? [], target);
}

/** What callers see of one binding. Depends on nothing but its arguments, so it is the same in whatever order they came to be known. */
export function visibleColumns(known: Known, target: Target): Visible {
  const { resource, tenant, said } = known;
  // What was asked for as long as a change of the settings had not arrived may turn out never to have been.
  if (!resource || !tenant || !hasRow(known, target)) return UNSEEN;
  const intent = bindingIntent(resource, tenant, target, said);
  if (!intent) return UNSEEN;
  const about: BindingIdentity = { resource: resource.id, kind: resource.kind, tenant: resource.tenant, provider: target.provider, account: target.account };
  const visible = visibleSyncState(about, intent, said);
  return visible ? columnsOf(visible, intent) : { ...UNSEEN, intent: intent.intent };
}

function columnsOf(visible: SyncState, intent: BindingIntent): Visible {
  const { resource: _resource, kind: _kind, tenant: _tenant, provider: _provider, account: _account, state, updatedAt, ...body } = visible;
  const reason = 'reason' in visible ? visible.reason ?? null : null;
  return {
    state, rank: WORST_FIRST.indexOf(state), code: state === 'Failed' ? visible.error.code : '', reason, skipped_for: state === 'Skipped' ? reasonOfMany(visible.reason) : '', updated_at: updatedAt, body, intent: intent.intent,
    held: state === 'Pending' && intent.held !== undefined && reason === intent.held, conflicting: isConflict(visible),
  };
}

const LEFT: ReadonlySet<string> = new Set(CONFLICTS_LEFT);

function isConflict(visible: SyncState): boolean {
  if (visible.state === 'Failed') return visible.error.code === 'Conflict' && visible.nextRetryAt === undefined;
  return visible.state === 'Skipped' && LEFT.has(visible.reason);
}
