import type { Adoption, SyncConfig } from '@wami/contracts';
import type { Binding } from '../bindings/binding';
import type { Resource } from '../fold/resource';
import type { Withheld } from '../guard/withheld';
import type { Awaited } from './outcome';

/** Where the other end of a relation stands at the target. */
export type EndStatus =
  /** It is there, under this name. */
  | { readonly is: 'ready'; readonly name: string; readonly nativeArn?: string; readonly providerResourceId?: string; readonly createdAt?: number }
  /** It will be there; `rests`: not by itself; `leftOut`: it is Skipped there, and what needs it goes without; `paused`: whether a pause holds it. */
  | { readonly is: 'pending'; readonly rests?: true; readonly leftOut?: true; readonly paused?: boolean }
  /** It is being deleted and still there, under this name. */
  | { readonly is: 'leaving'; readonly name: string; readonly nativeArn?: string; readonly providerResourceId?: string }
  /** It is there, but its name is being changed or it is going: it cannot be called by a name now; `rests`: nor later by itself. */
  | { readonly is: 'moving'; readonly rests?: true; readonly paused?: boolean }
  /** It is not wanted at this target, or gone: relations to it are neither made nor taken away. */
  | { readonly is: 'absent'; readonly providerResourceId?: string };

/** A claimed binding with all that its pass needs to know, read in one moment. */
export interface Work {
  readonly binding: Binding;
  readonly resource: Resource;
  /** As it holds for the resource's kind. */
  readonly config: SyncConfig;
  /** Relations that are wanted: facet -> ids of the other ends. */
  readonly relations: Readonly<Record<string, readonly string[]>>;
  /** Other ends of wanted relations, and of those that are known to stand in the cloud or may. */
  readonly ends: ReadonlyMap<string, EndStatus & { readonly kind: string }>;
  /** The attempt before this one left it open what it did: look before anything else. */
  readonly lost: boolean;
  /** Names that attempts before this one may have given it; absent: none. */
  readonly triedBefore?: Binding['tried'];
  /** Lasting ids of what else belongs to the same owner and is on record; absent where that is of no concern. */
  readonly others?: readonly string[];
  /** Another of the same owner, whose making has to be over, or that has to be gone, before this one's making begins. */
  readonly turnOf?: Awaited;
  /** What the guard does not let it take away. */
  readonly withheld?: Withheld;
  /** Another resource of ours has the name that is on record for this one, or may have it by now: look before calling it by that. */
  readonly nameDoubted?: boolean;
  /** When another resource of ours was given a name that is on record for this one, or that it was to get: a look may still show this one there. Absent: not lately. */
  readonly nameGivenAt?: number;
}

/** Names that it has on record or may get, or that what it was imported for is called by. */
export function namesOf(work: Pick<Work, 'binding' | 'resource'>): string[] {
  const { tried, presence } = work.binding;
  const imported = adoptionOf(work);
  return [...new Set([...(presence ? [presence.name] : []), ...(imported ? [imported.name] : []), ...Object.keys(tried)])];
}

/** What it was imported for, where that is not on record yet. */
export function adoptionOf({ binding: { account, presence }, resource: { document } }: Pick<Work, 'binding' | 'resource'>): Adoption | undefined {
  const adopts = document?.['adopts'] as Adoption | undefined;
  return presence === null && adopts?.account === account ? adopts : undefined;
}
