import type { Binding } from '../bindings/binding';
import type { Outcome } from '../reconcile/outcome';

/** A name of a kind by which a call was sent that was not answered, or a deletion that may be sent once more, and when. `by`: whose call it was, where only others must not have the name. */
export interface NameGoing {
  readonly kind: string;
  readonly name: string;
  readonly at: number;
  readonly by?: string;
}

/**
 * Names at a target that nobody gets for now: a call by that name may still come about, or be sent once more, and would take away or change
 * what has it then. In memory while the target is owned; a new owner reads them from the bindings.
 */
export class NamesGoing {
  /** Kind and name -> whose call -> when. The latest last. */
  private readonly calls = new Map<string, Map<string | undefined, number>>();

  /** `sightMs`: so long what was never answered may come about. */
  constructor(private readonly now: () => number, private readonly sightMs: number) {}

  add(names: readonly NameGoing[]): void {
    for (const { kind, name, at, by } of names) {
      const key = `${kind} ${name}`;
      const of = this.calls.get(key) ?? new Map<string | undefined, number>();
      this.calls.delete(key);
      this.calls.set(key, of.set(by, Math.max(at, of.get(by) ?? at)));
    }
    for (const [key, of] of this.calls) {
      if (![...of.values()].every((at) => this.isOver(at))) return;
      this.calls.delete(key);
    }
  }

  /** A pass makes no more calls. */
  ended({ kind, resource }: Pick<Binding, 'kind' | 'resource'>, { deletionSent, called = [] }: Pick<Outcome, 'deletionSent' | 'called'>): void {
    const at = this.now();
    this.add([...called.map((name) => ({ kind, name, at, by: resource })), ...(deletionSent === undefined ? [] : [{ kind, name: deletionSent, at }])]);
  }

  /** When it may be given to this resource; undefined: now. */
  freeAt(kind: string, name: string, resource: string): number | undefined {
    const open = [...this.calls.get(`${kind} ${name}`) ?? []].flatMap(([by, at]) => (by === resource || this.isOver(at) ? [] : [at]));
    return open.length === 0 ? undefined : Math.max(...open) + this.sightMs;
  }

  private isOver(at: number): boolean {
    return this.now() - at >= this.sightMs;
  }
}
