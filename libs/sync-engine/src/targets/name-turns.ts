import { mayGiveUpName } from '../bindings/name-in-motion';
import type { Work } from '../reconcile/work';

/**
 * Relations are made and taken away by the names of their other ends. A pass that may make its resource give its name up is claimed, so
 * that whoever is claimed later waits for it, and held here until all that were claimed before and may use the name are through.
 */
export class NameTurns {
  private readonly users = new Set<Work>();
  private readonly held = new Map<Work, Set<Work>>();

  /** How many are held. */
  get size(): number {
    return this.held.size;
  }

  /** Takes what was just claimed, and gives back what may begin. */
  admit(works: readonly Work[]): Work[] {
    for (const work of works) if (endsOf(work).length > 0) this.users.add(work);
    return works.filter((work) => !this.hold(work));
  }

  /** Makes no more calls. Gives those whose turn it is now. */
  ended(work: Work): Work[] {
    if (!this.users.delete(work)) return [];
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

  private hold(work: Work): boolean {
    if (!mayGiveUpName(work.binding)) return false;
    const before = [...this.users].filter((user) => user !== work && endsOf(user).includes(work.resource.id));
    if (before.length > 0) this.held.set(work, new Set(before));
    return before.length > 0;
  }
}

/** Other ends that the pass may call by their names. */
function endsOf({ binding: { presence, triedEnds } }: Work): string[] {
  return [...Object.values(presence?.facets ?? {}), ...Object.values(triedEnds)].flat();
}
