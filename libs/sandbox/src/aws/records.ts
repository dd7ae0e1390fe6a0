import { byKey } from '../cloud/order';

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
