import type { Applied, Changes, Observed } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import { standingFacets } from '../bindings/standing';
import { isNothing, type Taken } from '../merge/taken-over';
import { fieldsAfter } from './parts';
import type { Pass } from './pass';
import type { EndStatus, Work } from './work';

type Rejected = Applied['rejected'];

/** What is on record after the target was seen or made to agree, but for the relations that were refused. */
export function presenceAfter(pass: Pass, observed: Observed, now: number, did: { changes?: Changes; created?: boolean; rejected?: Rejected; takes?: Taken | undefined }): Presence {
  const { work, wanted } = pass;
  const { presence } = work.binding;
  const { providerResourceId, nativeArn, name, mark } = observed;
  const wrote = did.created || did.changes !== undefined;
  // Only where a mark was asked for and none is there; one that got lost on the way is put back.
  const unmarkable = mark === undefined && (did.created || did.changes?.adopt || presence?.unmarked);
  const createdAt = did.created ? now : presence === null ? lastAskedFor(work) : presence.createdAt;
  const writtenAt = wrote ? now : presence?.writtenAt;
  const taken = did.takes && !isNothing(did.takes) ? { ...did.takes, told: false } : presence?.taken;
  return {
    providerResourceId, nativeArn, name, fields: fieldsAfter(pass, observed, did.rejected ?? []), tags: wanted.tags, facets: facetsAfter(pass, did.rejected ?? [], did.changes), observedAt: now,
    ...(writtenAt === undefined ? {} : { writtenAt }), ...(createdAt === undefined ? {} : { createdAt }), ...(unmarkable ? { unmarked: true } : {}),
    ...(pass.adoption || presence?.adopted ? { adopted: true } : {}), ...(taken === undefined ? {} : { taken }),
  };
}

/** When an attempt before this one that nobody answered last asked for a name for it: looks may not show it there yet. */
export function lastAskedFor({ lost, triedBefore = {} }: Pick<Work, 'lost' | 'triedBefore'>): number | undefined {
  const times = lost ? Object.values(triedBefore) : [];
  return times.length === 0 ? undefined : Math.max(...times);
}

/** A refused addition is not there, a refused removal is still there, and relations that are not ours to care for stay as they were. */
function facetsAfter({ work, wanted, handler }: Pass, rejected: Rejected, changes: Changes | undefined): Presence['facets'] {
  const before = work.binding.presence ? standingFacets(work.binding.presence) : {};
  return Object.fromEntries(handler.facets.map((facet) => {
    const refused = new Set(rejected.filter((one) => one.facet === facet).map(({ name }) => name));
    const named = (id: string): string => {
      const end = work.ends.get(id);
      return end?.is === 'ready' || end?.is === 'leaving' ? end.name : '';
    };
    const removals = new Set(changes?.removeFrom[facet] ?? []);
    const kept = (before[facet] ?? []).filter((id) => isLeftAlone(work.ends.get(id)?.is) || (removals.has(named(id)) && refused.has(named(id))));
    const made = (wanted.facets[facet] ?? []).filter((id) => removals.has(named(id)) || !refused.has(named(id)));
    const standing = (work.binding.triedEnds[facet] ?? []).filter((id) => removals.has(named(id)) && refused.has(named(id)));
    return [facet, [...new Set([...made, ...kept, ...standing])].sort()];
  }));
}

function isLeftAlone(is: EndStatus['is'] | undefined): boolean {
  return is === 'absent' || is === 'moving';
}
