import type { SeededRandom } from '@wami/testing';
import type { TestIdentity } from '../spec-support/identity';
import { patch } from './by-kind';
import type { Intention, Intentions } from './intentions';
import type { RememberedEvents } from './remembered-events';

/** What people let others do: policies that are attached, and those that limit. */
export class Access {
  constructor(private readonly random: SeededRandom, private readonly identity: TestIdentity<RememberedEvents>, private readonly people: Pick<Intentions, 'living' | 'pickLiving'>) {}

  /** One is attached, or taken off. */
  async attach(): Promise<void> {
    const policy = this.people.pickLiving('policy');
    const owners = this.people.living.filter(({ kind, tenant }) => kind !== 'policy' && tenant === policy?.tenant);
    if (!policy || owners.length === 0) return;
    const owner = this.random.pick(owners);
    if (owner.policies.has(policy.id)) return this.detach(owner, policy.id);
    await this.identity.attach('add', policy.id, owner.id, ownerOf(owner));
    owner.policies.add(policy.id);
  }

  async detach(owner: Intention, policy: string): Promise<void> {
    await this.identity.attach('remove', policy, owner.id, ownerOf(owner));
    owner.policies.delete(policy);
  }

  /** What somebody may do at most becomes less, more, or another. */
  async limit(): Promise<void> {
    const owners = this.people.living.filter(isLimitable);
    if (owners.length === 0) return;
    const one = this.random.pick(owners);
    const boundary = one.boundary !== undefined && this.random.chance(0.5) ? undefined : this.people.pickLiving('policy', one.tenant)?.id;
    if (boundary === one.boundary) return;
    await patch(this.identity, one, { permissionsBoundary: boundary ?? null });
    Object.assign(one, { boundary, bornWith: undefined });
  }
}

export function isLimitable({ kind }: Pick<Intention, 'kind'>): boolean {
  return kind === 'user' || kind === 'role';
}

function ownerOf({ kind, tenant }: Intention): { kind: 'user' | 'group' | 'role'; tenant: string } {
  if (kind === 'policy') throw new Error('nothing is attached to a policy');
  return { kind, tenant };
}
