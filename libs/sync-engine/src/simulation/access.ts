import type { SeededRandom } from '@wami/testing';
import type { TestIdentity } from '../spec-support/identity';
import { patch } from './by-kind';
import { INLINE_NAMES } from './inline-hands';
import type { Intention, Intentions } from './intentions';
import type { RememberedEvents } from './remembered-events';

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket'];
/** How often an inline policy goes. */
const DROPPED = 0.5;

/** What people let others do: policies that are attached, those that limit, and those inside of what has them. */
export class Access {
  constructor(private readonly random: SeededRandom, private readonly identity: TestIdentity<RememberedEvents>, private readonly people: Pick<Intentions, 'living' | 'pickLiving'>) {}

  /** One is attached, or taken off. */
  async attach(to?: Intention): Promise<void> {
    const policy = this.people.pickLiving('policy');
    const owners = this.people.living.filter(({ kind, tenant }) => kind !== 'policy' && tenant === policy?.tenant);
    if (!policy || owners.length === 0) return;
    const owner = to ?? this.random.pick(owners);
    if (owner.policies.has(policy.id)) return this.detach(owner, policy.id);
    await this.identity.attach('add', policy.id, owner.id, ownerOf(owner));
    owner.policies.add(policy.id);
  }

  async detach(owner: Intention, policy: string): Promise<void> {
    await this.identity.attach('remove', policy, owner.id, ownerOf(owner));
    owner.policies.delete(policy);
  }

  /** One is put, says something else, or goes. */
  async inline(owner?: Intention): Promise<void> {
    const owners = this.people.living.filter(({ kind }) => kind !== 'policy');
    const having = owners.filter(({ inline }) => Object.keys(inline).length > 0);
    if (owners.length === 0) return;
    const one = owner ?? this.random.pick(having.length > 0 && this.random.chance(0.6) ? having : owners);
    const had = Object.keys(one.inline);
    const name = this.random.pick(had.length > 0 && this.random.chance(0.6) ? had : INLINE_NAMES);
    const document = one.inline[name] !== undefined && this.random.chance(DROPPED) ? null : saying(this.random.pick(ACTIONS));
    one.namedInline.add(name);
    await patch(this.identity, one, { inlinePolicies: { [name]: document } });
    if (document === null) delete one.inline[name];
    else one.inline[name] = JSON.stringify(document);
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

/** In the order in which PostgreSQL keeps keys: the model cloud compares texts. */
function saying(action: string): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: [{ Action: action, Effect: 'Allow', Resource: '*' }] };
}

export function isLimitable({ kind }: Pick<Intention, 'kind'>): boolean {
  return kind === 'user' || kind === 'role';
}

function ownerOf({ kind, tenant }: Intention): { kind: 'user' | 'group' | 'role'; tenant: string } {
  if (kind === 'policy') throw new Error('nothing is attached to a policy');
  return { kind, tenant };
}
