import type { Approvers } from './approvers';
import type { Intentions } from './intentions';
import type { Effect } from './simulated-cloud';

/** So many are always allowed. */
const LEAST = 5;

type Picture = { readonly kind: string; readonly mark: string | null; readonly groups: readonly string[] };

/** Judges what was taken away at the cloud: never of more resources of a kind than the tenant allows, but for what somebody approved or did by hand. */
export class GuardOracle {
  private readonly taken = new Map<string, Set<string>>();

  constructor(private readonly most: number, private readonly people: Intentions, private readonly approvers: Approvers, private readonly fail: (words: string) => void) {}

  changed({ call, before, after }: Effect, resourceOf: ReadonlyMap<string, string>): void {
    for (const [id, text] of before) {
      const resource = resourceOf.get(id);
      const [was, is] = [JSON.parse(text) as Picture, JSON.parse(after.get(id) ?? 'null') as Picture | null];
      if (resource !== undefined && was.mark !== null && this.isLess(was, is, resourceOf)) this.count(was.kind, resource, `${call.api} ${call.name}`);
    }
  }

  /** With a group that is deleted its memberships go, and are not counted beside it. */
  private isLess({ groups }: Picture, is: Picture | null, resourceOf: ReadonlyMap<string, string>): boolean {
    if (is === null) return true;
    const standing = new Set(this.people.living.map(({ id }) => id));
    return groups.some((id) => !is.groups.includes(id) && standing.has(resourceOf.get(id) ?? ''));
  }

  private count(kind: string, resource: string, call: string): void {
    if (this.approvers.allowed.has(resource) || this.people.byHand.has(resource)) return;
    const taken = this.taken.get(kind) ?? new Set();
    this.taken.set(kind, taken.add(resource));
    const most = Math.max(LEAST, this.most);
    if (taken.size > most) this.fail(`${call}: of ${taken.size} of the kind ${kind} something was taken away, ${most} are allowed, and nobody approved it`);
  }
}
