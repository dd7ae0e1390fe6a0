import { together, type Append } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { BindingChange, EngineDatabase } from '../database/engine-database';
import type { NoConnection } from '../reconcile/open';
import type { Scene } from '../reconcile/pass';
import type { Work } from '../reconcile/work';
import type { Seams } from '../seams';
import { forgetHeld, holdRemovals, insertRemovals, readHeld, readPermitted, saveApproval, type HeldRow, type Permitted, type Removal } from './guard-table';
import { judgeTenant, type Asking } from './judge-tenant';
import { layAsideFor } from './settle-guarded';
import { leavingEnds, otherEndOf, takesOf, THING, without } from './takes';

export interface GuardQuestion {
  readonly account: string;
  readonly sceneFor: (tenant: string) => Scene | NoConnection;
  readonly seams: Pick<Seams, 'clock' | 'ids'>;
}

export interface Guarded {
  /** What may be carried out, but for what is withheld of it. */
  readonly works: readonly Work[];
  readonly aside: readonly BindingChange[];
  readonly appends: readonly Append[];
}

/**
 * Asks the guard about all that would take something away, within the transaction that claims it: what it lets go is counted in the same
 * transaction, so no crash, replica or retry takes away more. Where nothing would be taken away nothing is asked.
 */
export async function askGuard(client: PoolClient, db: EngineDatabase, works: readonly Work[], { account, sceneFor, seams }: GuardQuestion): Promise<Guarded> {
  const taking = works.filter((work) => mayWrite(work, sceneFor)).map((work) => ({ work, takes: takesOf(work) })).filter(({ takes }) => takes.length > 0);
  const waited = works.filter(({ binding: { guardedBy } }) => guardedBy !== null);
  if (taking.length + waited.length === 0) return { works, aside: [], appends: [] };
  const now = seams.clock.now();
  const ids = [...new Set([...taking.map(({ work }) => work), ...waited].map(({ resource }) => resource.id))];
  const ends = taking.flatMap(({ work, takes }) => leavingEnds(work, takes));
  const [permitted, held] = await together([readPermitted(client, db, account, [...new Set([...ids, ...ends])], now), readHeld(client, db, account, ids)]);
  const withheld = new Map<string, Work['withheld']>();
  const appends: Append[] = [];
  // Deletions first: relations to what is let go are.
  for (const deletions of [true, false]) {
    const asking = taking.filter(({ work }) => work.binding.deleted === deletions).map((one) => askingOf(one, permitted, held));
    // What is permitted counts before the rest is asked about.
    await count(asking, ({ uncounted, missing }) => uncounted.filter((take) => !missing.includes(take)));
    for (const asks of byTenant(asking.filter(({ missing }) => missing.length > 0))) {
      const judged = await judgeTenant(client, db, asks, { account, now, unique: () => seams.ids.next() });
      for (const [resource, one] of judged.withheld) withheld.set(resource, one);
      if (!judged.added) continue;
      await saveApproval(client, db, judged.added.row);
      await holdRemovals(client, db, account, judged.added.rows);
      appends.push(judged.added.append);
    }
    await count(asking, ({ work, missing }) => (withheld.has(work.resource.id) ? [] : missing));
  }
  await forgetHeld(client, db, account, ids.filter((id) => held.has(id) && !withheld.has(id)));
  return { appends, ...divide(db.provider, works, withheld) };

  async function count(asking: readonly Asking[], takesOfOne: (one: Asking) => readonly string[]): Promise<void> {
    const removals = asking.flatMap((one) => removalOf(one.work, takesOfOne(one)));
    for (const { resource, takes } of removals) permitted.set(resource, { permits: permitted.get(resource)?.permits ?? new Set(), counted: new Set([...(permitted.get(resource)?.counted ?? []), ...takes]) });
    await insertRemovals(client, db, account, now, removals);
  }
}

/** Relations to what may be deleted itself go with it, and are not counted beside it. */
function askingOf({ work, takes }: { readonly work: Work; readonly takes: readonly string[] }, permitted: Permitted, held: ReadonlyMap<string, HeldRow>): Asking {
  const known = permitted.get(work.resource.id);
  const going = new Set(leavingEnds(work, takes).filter((id) => permitted.get(id)?.permits.has(THING) || permitted.get(id)?.counted.has(THING)));
  const uncounted = takes.filter((take) => !known?.counted.has(take) && !going.has(otherEndOf(take)));
  const approved = work.binding.plan?.approved === true;
  return { work, uncounted, missing: approved ? [] : uncounted.filter((take) => !known?.permits.has(take)), held: held.get(work.resource.id) };
}

function mayWrite({ binding, config }: Work, sceneFor: GuardQuestion['sceneFor']): boolean {
  if (!binding.wanted || config.direction === 'pull' || (binding.presence === null && !binding.unfinished)) return false;
  const scene = sceneFor(binding.tenant);
  return !('missing' in scene) && scene.connection.mode !== 'observe';
}

function byTenant(asking: readonly Asking[]): Asking[][] {
  const groups = new Map<string, Asking[]>();
  for (const one of asking) groups.set(one.work.binding.tenant, [...(groups.get(one.work.binding.tenant) ?? []), one]);
  return [...groups.values()];
}

function removalOf({ binding: { tenant, kind, resource } }: Work, takes: readonly string[]): Removal[] {
  return takes.length === 0 ? [] : [{ tenant, kind, resource, takes }];
}

/** A deletion that is held is laid aside; of all else only what it would take away is left as it is. */
function divide(provider: string, works: readonly Work[], withheld: ReadonlyMap<string, Work['withheld']>): Pick<Guarded, 'works' | 'aside'> {
  const aside: BindingChange[] = [];
  const going = works.flatMap((work): Work[] => {
    const held = withheld.get(work.resource.id);
    if (!held) return [work];
    if (!work.binding.deleted) return [{ ...work, ends: without(work, held.takes), withheld: { ...held, ends: work.ends } }];
    aside.push(layAsideFor(provider, work, held));
    return [];
  });
  return { works: going, aside };
}
