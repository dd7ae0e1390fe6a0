import { comparePositions, type LogPosition, type SyncOperation } from '@wami/contracts';
import type { BindingIntent, BindingOutcome } from '@wami/domain';
import { heldBy, wantedTargets } from '@wami/domain';
import { isGone } from './resource-intent';
import { isOn, targetName } from './tenant-tree';
import type { Moment, SyncResource, SyncTenant } from './sync-states.table';

export interface Target {
  readonly provider: string;
  readonly account: string;
}

const later = (a: LogPosition, b: LogPosition): boolean => comparePositions(a, b) > 0;

/** Whether the resource's own `syncToProviders` lets this target through, at a place in the log or now. */
function letsThrough(resource: SyncResource, target: Target, at?: LogPosition): boolean {
  const narrowed = resource.narrowed.filter(([position]) => at === undefined || !later(position, at)).at(-1)?.[1];
  return wantedTargets({ providers: [target] }, narrowed ?? undefined).length > 0;
}

const askedAt = (flips: readonly Moment[], at: LogPosition): boolean => isOn(flips.filter(([position]) => !later(position, at)));

/**
 * Whether tenant and resource ever asked for the target at the same time while the resource was there. It can only have begun at a
 * change of the tenant's settings, a change of the resource's, or its creation.
 */
export function everWanted(resource: SyncResource, flips: readonly Moment[], target: Target): boolean {
  if (flips.length === 0) return false;
  const gone = isGone(resource) ? resource.intent : undefined;
  const moments = [resource.created, ...flips.map(([position]) => position), ...resource.narrowed.map(([position]) => position)];
  return moments.some((at) => !later(resource.created, at) && (gone === undefined || later(gone, at))
    && askedAt(flips, at) && letsThrough(resource, target, at));
}

/**
 * What identity's events alone say of one resource at one target. Undefined for a deleted resource that was not asked for there any more:
 * nothing is to be done, unless an engine says that it tried.
 */
export function bindingIntent(resource: SyncResource, tenant: SyncTenant, target: Target, said: BindingOutcome | undefined): BindingIntent | undefined {
  const flips = tenant.flips[targetName(target.provider, target.account)] ?? [];
  const deleted = isGone(resource);
  if (deleted) {
    const asked = askedAt(flips, resource.intent) && letsThrough(resource, target);
    if (!asked && !triesAnyway(resource, said)) return undefined;
    return { wanted: false, deleted, intent: resource.intent, operation: 'delete', updatedAt: resource.intent_time, ...held('delete', tenant) };
  }
  const last = flips.at(-1);
  const turned = last !== undefined && later(last[0], resource.intent) ? last : undefined;
  const wanted = isOn(flips) && letsThrough(resource, target);
  const operation = neverHeld(said) ? 'create' : 'update';
  return {
    wanted, deleted, intent: turned?.[0] ?? resource.intent, operation, updatedAt: turned?.[1] ?? resource.intent_time,
    ...(wanted ? held(operation, tenant) : {}),
  };
}

function triesAnyway({ intent }: SyncResource, said: BindingOutcome | undefined): boolean {
  return said !== undefined && !later(intent, said.intent) && said.outcome.state !== 'NotConfigured';
}

/** As far as the engine has said, the target has never held the resource. */
function neverHeld(said: BindingOutcome | undefined): boolean {
  return said === undefined || said.outcome.state === 'Gone' || (said.operation === 'create' && said.outcome.state !== 'Synced');
}

function held(operation: SyncOperation, tenant: SyncTenant): { held?: string } {
  const reason = heldBy(tenant, operation);
  return reason === undefined ? {} : { held: reason };
}
