const NONE: ReadonlySet<string> = new Set();

/** Pairs of ids, found from either end. */
export class Links {
  private readonly forth = new Map<string, Set<string>>();
  private readonly back = new Map<string, Set<string>>();

  has(from: string, to: string): boolean {
    return this.forth.get(from)?.has(to) ?? false;
  }

  of(from: string): ReadonlySet<string> {
    return this.forth.get(from) ?? NONE;
  }

  to(to: string): ReadonlySet<string> {
    return this.back.get(to) ?? NONE;
  }

  add(from: string, to: string): void {
    this.forth.set(from, (this.forth.get(from) ?? new Set()).add(to));
    this.back.set(to, (this.back.get(to) ?? new Set()).add(from));
  }

  remove(from: string, to: string): void {
    this.forth.get(from)?.delete(to);
    this.back.get(to)?.delete(from);
  }

  /** All pairs that have this id at either end. */
  forget(id: string): void {
    for (const to of this.of(id)) this.back.get(to)?.delete(id);
    for (const from of this.to(id)) this.forth.get(from)?.delete(id);
    this.forth.delete(id);
    this.back.delete(id);
  }

  clear(): void {
    this.forth.clear();
    this.back.clear();
  }
}
