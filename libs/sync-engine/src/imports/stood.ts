import { createHash } from 'node:crypto';
import type { Binding } from '../bindings/binding';
import type { EndStatus, Work } from '../reconcile/work';

/** A relation that stood at a target when an import read it, and that is not on record; the other end by its key. `withdrawn`: people made it and took it back since, with that resource. */
export interface Stood {
  readonly facet: string;
  readonly other: string;
  readonly withdrawn: string | null;
}

/** What is known of such relations of one binding. `onRecord`: those that its record holds from now on. */
export interface StoodOf {
  readonly left: readonly Stood[];
  readonly onRecord: readonly Stood[];
}

/** Names a thing of a target for good, and tells nothing about it. */
export function thingKey(kind: string, providerResourceId: string): string {
  return createHash('sha256').update(`${kind} ${providerResourceId}`).digest('hex');
}

/** What stood there goes on record once people said something of it: what is wanted is not written, and what was withdrawn is taken away like all that we made. Pure. */
export function withStood(work: Work, rows: readonly Stood[]): Work {
  const { binding, relations, ends } = work;
  const { presence } = binding;
  if (presence === null || rows.length === 0) return work;
  const said = rows.map((row) => ({ row, id: row.withdrawn ?? relations[row.facet]?.find((id) => keyOf(ends.get(id)) === row.other) }));
  const onRecord = said.filter(({ id }) => id !== undefined);
  const stood: StoodOf = { left: said.flatMap(({ row, id }) => (id === undefined ? [row] : [])), onRecord: onRecord.map(({ row }) => row) };
  return { ...work, stood, binding: { ...binding, presence: { ...presence, facets: withIds(presence.facets, onRecord.map(({ row: { facet }, id = '' }) => [facet, id])) } } };
}

function withIds(facets: NonNullable<Binding['presence']>['facets'], added: readonly (readonly [string, string])[]): Record<string, readonly string[]> {
  return added.reduce<Record<string, readonly string[]>>((all, [facet, id]) => ({ ...all, [facet]: [...new Set([...(all[facet] ?? []), id])].sort() }), { ...facets });
}

/** It stood there before WAMI managed both of its ends, and nobody has said anything of it: it is not ours to take away. */
export function isLeft({ stood, relations, ends }: Pick<Work, 'stood' | 'relations' | 'ends'>, facet: string, id: string): boolean {
  const of = stood?.left.filter((row) => row.facet === facet && row.withdrawn === null) ?? [];
  if (of.length === 0 || relations[facet]?.includes(id)) return false;
  const key = keyOf(ends.get(id));
  return of.some(({ other }) => other === key);
}

function keyOf(end: (EndStatus & { readonly kind: string }) | undefined): string | undefined {
  return end && 'providerResourceId' in end && end.providerResourceId !== undefined ? thingKey(end.kind, end.providerResourceId) : undefined;
}
