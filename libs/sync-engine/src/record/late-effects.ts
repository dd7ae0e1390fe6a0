import { BOUNDARY, PARTS } from '@wami/provider-port';
import type { Binding } from '../bindings/binding';
import type { Outcome } from '../reconcile/outcome';
import { lastAskedFor } from '../reconcile/presence';
import type { Work } from '../reconcile/work';
import type { Judge } from './verdict';

/**
 * Names that it may have by now, and when they were last asked for: what a pass sends may wait for its turn long after it was claimed. Those that only
 * this pass would have given it are forgotten where it cannot have given one. Pure.
 */
export function triedAfter({ binding: { tried }, triedBefore }: Pick<Work, 'binding' | 'triedBefore'>, { is, noNameGiven }: Pick<Outcome, 'is' | 'noNameGiven'>, { now }: Pick<Judge, 'now'>): Binding['tried'] {
  if (triedBefore === undefined) return tried;
  if (noNameGiven || is === 'paused') return triedBefore;
  return Object.fromEntries(Object.entries(tried).map(([name, at]) => [name, triedBefore[name] === at ? at : now]));
}

/** Names that a call before may still give it beside what stands. Pure. */
export function askedAgainAfter({ askedAgain }: Pick<Binding, 'askedAgain'>, { triedBefore }: Pick<Work, 'triedBefore'>, outcome: Pick<Outcome, 'is' | 'askedAgain'>, { now, sightMs }: Pick<Judge, 'now' | 'sightMs'>): Binding['askedAgain'] {
  const { askedAgain: name } = outcome;
  // Of two that nobody answered the later one counts.
  const asked = name === undefined ? askedAgain : { ...askedAgain, [name]: outcome.is === 'failed' ? now : triedBefore?.[name] ?? now };
  return Object.fromEntries(Object.entries(asked).filter(([, at]) => now - at < sightMs));
}

/** Names by which a deletion of it may still come about, also where it is gone, and by which another call may. Pure. */
export function sentAfter({ deletionSent, called }: Pick<Binding, 'deletionSent' | 'called'>, outcome: Pick<Outcome, 'deletionSent' | 'called'>, judge: Pick<Judge, 'now' | 'sightMs'>): Pick<Binding, 'deletionSent' | 'called'> {
  return {
    deletionSent: openOf(deletionSent, outcome.deletionSent === undefined ? [] : [outcome.deletionSent], judge),
    called: openOf(called, outcome.called ?? [], judge),
  };
}

function openOf(before: Readonly<Record<string, number>>, names: readonly string[], { now, sightMs }: Pick<Judge, 'now' | 'sightMs'>): Record<string, number> {
  return Object.fromEntries(Object.entries({ ...before, ...Object.fromEntries(names.map((name) => [name, now])) }).filter(([, at]) => now - at < sightMs));
}

/** Of what attempts may have left, boundaries, inline policies and federated credentials: such a call may come about also when all else is settled. Pure. */
export function triedLater(triedEnds: Binding['triedEnds']): Binding['triedEnds'] {
  return Object.fromEntries([BOUNDARY, ...PARTS].flatMap((part) => { const tried = triedEnds[part] ?? []; return tried.length === 0 ? [] : [[part, tried]]; }));
}

/** Beside what attempts may have left, what the provider may only not have known when it was to go. Pure. */
export function withUnknown(triedEnds: Binding['triedEnds'], { unknown = {} }: Pick<Outcome, 'unknown'>): Binding['triedEnds'] {
  return { ...triedEnds, ...Object.fromEntries(Object.entries(unknown).map(([part, tried]) => [part, [...new Set([...triedEnds[part] ?? [], ...tried])]])) };
}

/**
 * When it is looked at once more though all is as it should be: what an attempt before this one sent and nobody answered may come about after this one
 * looked, and what it took away may show itself. Null where nothing can come about any more, or such a look was just made. Pure.
 */
export function lookAfter({ lookAt }: Pick<Binding, 'lookAt'>, work: Pick<Work, 'lost' | 'binding' | 'triedBefore'>, { unknown }: Pick<Outcome, 'unknown'>, { now, sightMs, visibilityMs }: Pick<Judge, 'now' | 'sightMs' | 'visibilityMs'>): Binding['lookAt'] {
  const { lost, binding } = work;
  if (unknown !== undefined) return Math.max(lookAt ?? 0, now + Math.max(sightMs, visibilityMs));
  if (binding.lookAt !== null && binding.verifySince !== null && binding.verifySince >= binding.lookAt) return null;
  return lost && !isLongOver(work, sightMs) ? now + sightMs : lookAt;
}

/** All that was sent and never answered were creations, and had come about, if ever, before this pass was claimed: its own looks saw it. */
function isLongOver(work: Pick<Work, 'lost' | 'binding' | 'triedBefore'>, sightMs: number): boolean {
  const { presence, called, tried } = work.binding;
  const asked = lastAskedFor(work);
  return presence === null && asked !== undefined && Math.max(...Object.values(tried)) - Math.max(asked, ...Object.values(called)) > sightMs;
}
