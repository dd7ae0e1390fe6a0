import { byKey } from './pagination';

export interface Named {
  readonly id: string;
  readonly name: string;
}

export const nameKey = (record: Pick<Named, 'name'>): string => record.name.toLowerCase();

/** Things of one kind, found by id and by name. Names are found whatever the case of their letters, as in IAM. */
export class NamedRecords<T extends Named> {
  private readonly byId = new Map<string, T>();
  private readonly ids = new Map<string, string>();
  private sorted: readonly T[] | undefined;

  get size(): number {
    return this.byId.size;
  }

  withId(id: string): T | undefined {
    return this.byId.get(id);
  }

  named(name: string): T | undefined {
    return this.byId.get(this.ids.get(name.toLowerCase()) ?? '');
  }

  /** By name. */
  all(): readonly T[] {
    return (this.sorted ??= [...this.byId.values()].sort(byKey(nameKey)));
  }

  /** Those with these ids, by name. */
  pick(ids: ReadonlySet<string>): readonly T[] {
    return [...ids].flatMap((id) => this.byId.get(id) ?? []).sort(byKey(nameKey));
  }

  put(record: T): void {
    const before = this.byId.get(record.id);
    if (before !== undefined) this.ids.delete(nameKey(before));
    this.byId.set(record.id, record);
    this.ids.set(nameKey(record), record.id);
    this.sorted = undefined;
  }

  delete(id: string): void {
    const record = this.byId.get(id);
    if (record === undefined) return;
    this.byId.delete(id);
    this.ids.delete(nameKey(record));
    this.sorted = undefined;
  }

  clear(): void {
    this.byId.clear();
    this.ids.clear();
    this.sorted = undefined;
  }
}

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
