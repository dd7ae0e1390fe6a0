import type { ThingKind } from './model';
import { isLinking, type Plan, type PlannedChange, type ThingChange } from './plan';

export interface Phase {
  readonly part: 'fields' | 'sync-config';
  readonly changes: readonly PlannedChange[];
}

const MADE: readonly ThingKind[] = ['user', 'group', 'role', 'service-account', 'identity-provider'];
const depth = ({ thing }: ThingChange): number => thing.tenant.split('/').length;

/**
 * What is needed comes before what needs it: tenants from the top, policies, those who have them, relations; then all that is taken away, from the outside in.
 * Relations come before those that they replace, so that nobody is without either in between.
 */
export function phasesOf({ changes }: Plan): Phase[] {
  const things = changes.filter((change): change is ThingChange => !isLinking(change));
  const made = (...kinds: ThingKind[]): ThingChange[] => kinds.flatMap((kind) => ['create', 'change'].flatMap((action) => things.filter((one) => one.thing.kind === kind && one.action === action)));
  const deleted = (...kinds: ThingKind[]): ThingChange[] => things.filter(({ thing, action }) => action === 'delete' && kinds.includes(thing.kind));
  const links = (...actions: string[]): PlannedChange[] => actions.flatMap((action) => changes.filter((change) => change.action === action));
  const tenants = made('tenant').sort((a, b) => depth(a) - depth(b));
  const phases: Phase[] = [
    { part: 'fields', changes: tenants }, { part: 'sync-config', changes: tenants }, { part: 'fields', changes: made('policy') }, { part: 'fields', changes: made(...MADE) },
    { part: 'fields', changes: links('add', 'attach') }, { part: 'fields', changes: links('remove', 'detach') },
    { part: 'fields', changes: deleted(...MADE) }, { part: 'fields', changes: deleted('policy') },
    { part: 'fields', changes: deleted('tenant').sort((a, b) => depth(b) - depth(a)) },
  ];
  return phases.filter((phase) => phase.changes.length > 0);
}
