import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';

type Given = Pick<Outcome, 'presence' | 'noNameGiven'>;

/**
 * Names at a target that were or may have been given a moment ago, and to whom. A look that is late still shows who had one before, and who is
 * called by it then is the new holder. In memory while the target is owned.
 */
export class NamesGiven {
  /** The latest last. */
  private readonly names = new Map<string, { readonly resource: string; readonly at: number }>();

  /** `visibilityMs`: so late a look may be. */
  constructor(private readonly now: () => number, private readonly visibilityMs: number) {}

  /** A pass makes no more calls. */
  ended({ binding: { kind, resource, deleted, tried, presence: before } }: Work, { presence, noNameGiven }: Given): void {
    if (deleted || noNameGiven) return;
    for (const name of new Set([...(presence && presence.name !== before?.name ? [presence.name] : []), ...Object.keys(tried)])) {
      const key = `${kind} ${name}`;
      this.names.delete(key);
      this.names.set(key, { resource, at: this.now() });
    }
    for (const [key, { at }] of this.names) {
      if (this.now() - at < this.visibilityMs) return;
      this.names.delete(key);
    }
  }

  /** When another than this resource was given one of these names last; undefined: not lately. */
  toAnother(resource: string, keys: readonly string[]): number | undefined {
    const times = keys.flatMap((key) => {
      const given = this.names.get(key);
      return given && given.resource !== resource ? [given.at] : [];
    });
    return times.length === 0 ? undefined : Math.max(...times);
  }
}
