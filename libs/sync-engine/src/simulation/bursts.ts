import type { SeededRandom } from '@wami/testing';
import type { Intention, Intentions } from './intentions';
import type { Swarm } from './swarm';

/** How often a world is one of these. */
const BURSTING = 0.06;
/** By this number the worlds that broken engines were caught in before are none of these. */
const DRAWN = 11;
const USERS = 12;
const GROUPS = 3;
const POLICIES = 2;
const ROUNDS = 2;
/** Virtual milliseconds within which all of them are made, or edited. */
const MADE_WITHIN = 45_000;
const EDITED_WITHIN = 15_000;

/** In some worlds people do many things at once, and take access away from one in the midst of it: one worker, one order, and nothing that may begin without a word. */
export function mayBurst(random: SeededRandom, swarm: Swarm): Swarm {
  const draw = random.fork(`bursts ${DRAWN}`);
  if (!draw.chance(BURSTING)) return swarm;
  const { guard: _guard, direction: _direction, cloud, log, ...rest } = swarm;
  return {
    ...rest, bursts: true, policies: draw.chance(0.5), inlines: false, replicas: 1, foreign: 0, crashes: 0, stall: 0, connectionLost: 0, tenants: 1, observes: false, merges: false, accounts: 1, sweeps: false,
    haunted: false, imports: false, triggers: false, plans: false,
    cloud: (ways) => ({ ...cloud(ways), way: () => ways.between(WAY_MS.least, WAY_MS.most), slow: 0, throttle: 0, unavailable: 0, rejectCredentials: 0, loseAnswer: 0, loseCall: 0, late: 0, ghosts: false, lagMs: 0 }),
    log: (delays) => ({ ...log(delays), partitions: 1, overlap: 0 }),
  };
}

/** There, or back: so that some wait while others are worked on. */
const WAY_MS = { least: 50, most: 300 };

/** People in a hurry. */
export class Bursts {
  constructor(private readonly people: Intentions, private readonly random: SeededRandom) {}

  /** What they do, one after the other, and how long it takes until the next. */
  async *acts(): AsyncGenerator<readonly [words: string, ms: number]> {
    await this.begin();
    yield ['make all that there is', MADE_WITHIN];
    for (let left = ROUNDS; left > 0; left--) {
      const one = this.random.shuffled(this.people.living).find((any) => any.kind === 'group' || any.groups.size + any.policies.size > 0);
      if (!one) return;
      for (const user of this.people.living.filter(({ id, kind }) => kind === 'user' && id !== one.id)) for (let edits = 2; edits > 0; edits--) await this.people.edit(user);
      yield ['edit everybody else', this.random.between(200, 2_000)];
      await this.takeAway(one);
      yield [`take access away: ${one.name}`, EDITED_WITHIN];
    }
  }

  private async begin(): Promise<void> {
    const { people, random } = this;
    for (const [kind, many] of [['group', GROUPS], ['user', USERS], ...(people.world.policies ? [['policy', POLICIES]] as const : [])] as const) for (let left = many; left > 0; left--) await people.create(kind);
    for (const user of people.living.filter(({ kind }) => kind === 'user')) {
      await people.join(user, people.pickLiving('group')?.id);
      if (people.world.policies && random.chance(0.5)) await people.access.attach(user);
    }
  }

  private async takeAway(one: Intention): Promise<void> {
    const [group] = one.groups;
    const [policy] = one.policies;
    if (one.kind === 'group' || this.random.chance(0.3)) return this.people.remove(one);
    if (policy !== undefined) return this.people.access.detach(one, policy);
    if (group !== undefined) await this.people.leave(one, group);
  }
}
