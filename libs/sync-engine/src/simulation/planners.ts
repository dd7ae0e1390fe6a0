import type { RecordedEvent } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import type { Intentions } from './intentions';

type Answered = { readonly plan: string; readonly hash: string };

/** People who ask what would be done and approve it: the list that they saw, whatever it is by then, or by the hash of another one. */
export class Planners {
  /** Approvals by the hash of another list. */
  readonly mistaken = new Set<string>();

  constructor(private readonly people: Intentions, private readonly random: SeededRandom, private readonly told: readonly RecordedEvent[], private readonly now: () => number) {}

  async act(): Promise<string> {
    const { people: { identity, settings: { targets }, jobs }, random } = this;
    const answered = this.told.flatMap(({ type, data }) => (type === 'wami.sync.plan-answered.v1' ? [data as Answered] : []));
    if (answered.length === 0 || random.chance(0.4)) return `asks for ${await identity.plan({ targets, expiresAt: new Date(this.now() + random.between(2_000, 60_000)).toISOString() })}`;
    const { plan, hash } = random.pick(answered);
    const by = random.pick(['seen', 'seen', 'unseen', 'mistaken'] as const);
    const job = await identity.job('apply', { targets, plan, ...(by === 'unseen' ? {} : { hash: by === 'seen' ? hash : `${hash}0` }) });
    if (by === 'mistaken') this.mistaken.add(job);
    jobs.push(job);
    return `approves ${plan}, ${by}`;
  }
}
