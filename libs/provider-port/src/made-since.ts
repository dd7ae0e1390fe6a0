import { inDoubt } from './find-own';
import type { Groundwork } from './provider-adapter';
import { ProviderError } from './provider-error';

/** How far two clocks may be apart: AWS takes no request whose clock is further off. */
const SKEW_MS = 5 * 60_000;
/** Longer than any call is given. */
const ATTEMPT_MS = 60_000;

/** What is noted before an attempt to make one more of what an owner has several of. */
export interface HadBefore extends Groundwork {
  /** Ids of those that the owner had. */
  readonly had: readonly string[];
  /** Milliseconds. */
  readonly at: number;
}

/** Whether an attempt that began at `at` (milliseconds) can have made what the provider says was created then. */
export function isOfItsTime(created: Date | undefined, at: number): boolean {
  return created !== undefined && created.getTime() >= at - SKEW_MS && created.getTime() <= at + SKEW_MS + ATTEMPT_MS;
}

/** Of things that say nowhere whose they are, those that the attempt can have made: not there before it, on record for no other (`others`), and of its time. */
export function madeSince<T>(things: readonly T[], { had, at }: HadBefore, others: readonly string[], told: (thing: T) => { readonly id: string; readonly created: Date | undefined }): readonly T[] {
  const known = new Set([...had, ...others]);
  return things.filter((thing) => {
    const { id, created } = told(thing);
    return !known.has(id) && isOfItsTime(created, at);
  });
}

/**
 * Nothing that is not as it was asked for stays behind, for its secret goes with the error. Where it cannot be taken away it is open what stands there:
 * `takeAway` fails as well where the provider finds nothing to take away, for what was made a moment ago may only not be known there yet.
 */
export async function orNone(work: Promise<unknown>, takeAway: () => Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    await inDoubt(takeAway());
    throw error;
  }
}

/** @throws ProviderError `Conflict` where it could be any of several; the message names them */
export function onlyOne<T>(things: readonly T[], idOf: (thing: T) => string): T | undefined {
  if (things.length < 2) return things[0];
  const ids = things.map(idOf).join(' and ');
  throw new ProviderError('Conflict', `one of the access keys ${ids} may be ours, whose secret was lost, and nobody can tell which; delete the one that nobody uses`);
}
