import { mayGiveUpName } from '../bindings/name-in-motion';
import { standingFacets } from '../bindings/standing';
import { isOtherEnd } from '../kinds';
import type { Outcome } from '../reconcile/outcome';
import { namesOf, type Work } from '../reconcile/work';
import type { NamesGiven } from './names-given';
import type { NamesGoing } from './names-going';

/**
 * Things are called by their names, also as other ends of relations. A pass that may make its resource give its name up is claimed, so that
 * whoever is claimed later waits for it, and held here until all that were claimed before and may use the name are through. So is one that
 * may get a name by which those call another thing; and of two that have or may get one name the later waits for the earlier.
 */
export class NameTurns {
  private readonly users = new Set<Work>();
  private readonly named = new Map<string, Set<Work>>();
  private readonly held = new Map<Work, Set<Work>>();

  constructor(readonly going: NamesGoing, readonly given: NamesGiven, private readonly now: () => number) {}

  /** How many are held. */
  get size(): number {
    return this.held.size;
  }

  /** Takes what was just claimed, and gives back what may begin. */
  admit(claimed: readonly Work[]): Work[] {
    const works = claimed.map((work) => {
      const before = this.before(work);
      const admitted = this.doubted(work, before);
      this.note(admitted, before);
      return admitted;
    });
    for (const work of works.filter(isCalledByOthers)) this.waitFor(work, [...this.users].filter((user) => user !== work && mayCall(user, work)));
    return works.filter((work) => !this.held.has(work));
  }

  /** Makes no more calls. Gives those whose turn it is now. */
  ended(work: Work, outcome: Pick<Outcome, 'deletionSent' | 'called' | 'presence' | 'noNameGiven'>): Work[] {
    this.going.ended(work.binding, outcome);
    this.given.ended(work, outcome);
    this.forget(work);
    return [...this.held].flatMap(([held, before]) => {
      if (!before.delete(work) || before.size > 0) return [];
      this.held.delete(held);
      return [held];
    });
  }

  /** Gives up what is held. */
  stop(): Work[] {
    const works = [...this.held.keys()];
    this.held.clear();
    return works;
  }

  /** Gives up what is held and what did not begin: whoever claims them takes his turn anew. Gives all of them. */
  putBack(unbegun: readonly Work[]): Work[] {
    const works = [...unbegun, ...this.stop()];
    for (const work of works) this.forget(work);
    return works;
  }

  private doubted(work: Work, before: readonly Work[]): Work {
    if (before.some((other) => mayGet(other, work))) return { ...work, nameDoubted: true, nameGivenAt: this.now() };
    const at = work.binding.deleted ? this.given.toAnother(work.binding.resource, keysOf(work)) : undefined;
    return at === undefined ? work : { ...work, nameGivenAt: at };
  }

  private forget(work: Work): void {
    this.users.delete(work);
    for (const key of keysOf(work)) {
      const sharing = this.named.get(key);
      sharing?.delete(work);
      if (sharing?.size === 0) this.named.delete(key);
    }
  }

  private before(work: Work): Work[] {
    return [...new Set(keysOf(work).flatMap((key) => [...this.named.get(key) ?? []]))];
  }

  private note(work: Work, before: readonly Work[]): void {
    if (endsOf(work).length > 0) this.users.add(work);
    for (const key of keysOf(work)) this.named.set(key, (this.named.get(key) ?? new Set()).add(work));
    this.waitFor(work, before);
  }

  private waitFor(work: Work, others: readonly Work[]): void {
    if (others.length > 0) this.held.set(work, new Set([...this.held.get(work) ?? [], ...others]));
  }
}

function keysOf(work: Work): string[] {
  return namesOf(work).map((name) => `${work.binding.kind} ${name}`);
}

/** Whether others call it by a name that it may give up now, or that it may get. */
function isCalledByOthers({ binding }: Work): boolean {
  return isOtherEnd(binding.kind) && (mayGiveUpName(binding) || Object.keys(binding.tried).some((name) => name !== binding.presence?.name));
}

/** Whether it may get the name that is on record for another. */
function mayGet({ binding: { tried, presence } }: Work, other: Work): boolean {
  const name = other.binding.presence?.name;
  return name !== undefined && name !== presence?.name && name in tried;
}

/** Whether it may call another thing by a name that this one may give up or get. */
function mayCall(user: Work, { binding, resource }: Work): boolean {
  const ends = endsOf(user);
  if (mayGiveUpName(binding) && ends.includes(resource.id)) return true;
  return ends.some((id) => {
    const end = user.ends.get(id);
    return id !== resource.id && (end?.is === 'ready' || end?.is === 'leaving') && end.kind === binding.kind && end.name !== binding.presence?.name && end.name in binding.tried;
  });
}

/** Other ends that the pass may call by their names. */
function endsOf({ binding: { presence, triedEnds } }: Work): string[] {
  return [...Object.values(presence ? standingFacets(presence) : {}), ...Object.values(triedEnds)].flat();
}
