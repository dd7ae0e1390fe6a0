import type { SyncOperation, SyncReason } from '@wami/contracts';
import { ProviderError, type Observed, type OwnershipMark } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import { NOT_THERE } from './decide';
import { lookAgain } from './look-again';
import type { OutcomeOf } from './outcome';
import type { Pass } from './pass';
import type { Holder, Stage } from './stage';
import { stepAside } from './step-aside';

/** Somebody else's thing stands in the way: what it is, for whoever has to decide. */
export function conflictWith({ nativeArn, name, providerResourceId, shape }: Observed, presence: Presence | null = null): OutcomeOf<'failed'> {
  const existing = { nativeArn, name, providerResourceId, ...shape.fields, tags: shape.tags };
  const error = new ProviderError('Conflict', 'something of this name stands there already and is not managed by WAMI', { effect: 'none', details: { existing } });
  return { is: 'failed', error, unfinished: false, lately: false, final: true, operation: presence ? 'update' : 'create', presence };
}

/** A thing that only has the name of what was imported is nobody's to take. */
export function cannotAdopt(): OutcomeOf<'failed'> {
  const error = new ProviderError('Conflict', `${NOT_THERE}. Delete it here, or resolve with overwrite to have it made`);
  return { is: 'failed', error, unfinished: false, lately: false, final: true, operation: 'adopt', presence: null };
}

/**
 * Nobody gets a name while a call by it may still come about, which would take away or change the new holder; undefined where none may. `taken`: what is
 * to be ours has this one.
 */
export function nameGoing({ work: { binding: { kind, presence, resource } }, wanted: { desired: { name } } }: Pass, operation: SyncOperation, { freeAt }: Stage, taken = name): OutcomeOf<'waiting'> | undefined {
  const at = freeAt(kind, name, resource) ?? freeAt(kind, taken, resource);
  return at === undefined ? undefined : { is: 'waiting', reason: 'waiting until a call by that name can come about no more', at, untouched: true, operation, presence };
}

/** Asking for the name and looking who has it are two moments. */
export const HOLDER_UNSEEN = 'the name is taken, and what holds it cannot be seen';

/**
 * The name belongs to another resource of WAMI's. One of this target that is about to move or go is waited for; else, also where it failed
 * for good, it is a conflict that nobody can override, whose words do not tell whose it is, and that is looked at again once the other has
 * given the name up: what moves it may be read later than what moves ours. `ours`: the thing that was to get the name.
 */
export async function nameTaken(pass: Pass, by: OwnershipMark, presence: Presence | null, stage: Stage, ours?: Observed): Promise<OutcomeOf<'failed' | 'waiting'>> {
  const { work, wanted: { desired } } = pass;
  const holder = await stage.holder(by.id);
  const moves = holder?.restless === true || (holder?.rests === false && holder.waitsFor.length > 0);
  if (holder && !moves && holder.name !== desired.name) return lookAgain(pass, 'the name is being given up');
  const about = { operation: work.binding.presence === null ? 'create' as const : 'update' as const, presence };
  if (holder) {
    const paused = holder.paused ? ', which is paused,' as const : '';
    const reason: SyncReason = holder.tenant === work.binding.tenant ? `waiting for ${holder.kind}/${by.id}${paused} to give the name up` : 'waiting for the name to become free';
    const why = { reason, awaits: { until: 'settled', resource: by.id }, paused: holder.paused } as const;
    if (inCircle(pass, holder, ours) && presence && ours) return stepAside(pass, presence, ours, why, stage);
    // A pause holds it.
    if (moves) return { is: 'waiting', ...why, ...(holder.rests ? { inVain: true } : {}), ...about };
  }
  const error = new ProviderError('Conflict', 'the name is taken by something else that WAMI manages');
  return { is: 'failed', error, unfinished: false, lately: false, final: true, ...(holder ? { awaits: { until: 'gone', resource: by.id, name: desired.name } } : {}), ...about };
}

/** It waits for the name of this one, itself or through others, and this one did not step aside yet, or whom it waits for is about to move. */
function inCircle({ work: { resource } }: Pass, { restless, rests, waitsFor }: Holder, ours: Observed | undefined): boolean {
  return !restless && waitsFor.includes(resource.id) && !(rests && ours?.name === resource.id);
}
