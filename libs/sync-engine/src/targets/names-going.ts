import type { Binding } from '../bindings/binding';
import type { Outcome } from '../reconcile/outcome';

/** A name of a kind by which a deletion was sent that was not answered, or that may be sent once more, and when. */
export interface NameGoing {
  readonly kind: string;
  readonly name: string;
  readonly at: number;
}

/**
 * Names at a target that nobody gets for now: a deletion by that name may still come about, or be sent once more, and would take away what has
 * it then. In memory while the target is owned; a new owner reads them from the bindings.
 */
export class NamesGoing {
  private readonly at = new Map<string, number>();

  /** `sightMs`: so long what was never answered may come about. */
  constructor(private readonly now: () => number, private readonly sightMs: number) {}

  add(names: readonly NameGoing[]): void {
    for (const { kind, name, at } of names) this.at.set(`${kind} ${name}`, Math.max(at, this.at.get(`${kind} ${name}`) ?? at));
    for (const [key, at] of this.at) if (this.isOver(at)) this.at.delete(key);
  }

  /** A pass makes no more calls. */
  ended({ kind }: Pick<Binding, 'kind'>, { deletionSent: name }: Pick<Outcome, 'deletionSent'>): void {
    if (name !== undefined) this.add([{ kind, name, at: this.now() }]);
  }

  /** When it may be given; undefined: now. */
  freeAt(kind: string, name: string): number | undefined {
    const at = this.at.get(`${kind} ${name}`);
    return at === undefined || this.isOver(at) ? undefined : at + this.sightMs;
  }

  private isOver(at: number): boolean {
    return this.now() - at >= this.sightMs;
  }
}
