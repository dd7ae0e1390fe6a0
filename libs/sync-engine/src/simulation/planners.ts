import type { RecordedEvent } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import type { Intentions } from './intentions';

type Answered = { readonly plan: string; readonly hash: string };

/** How often somebody edits what a plan tells of, just before it is approved. */
const EDITS = 0.4;

/** People who ask what would be done and approve it: the list that they saw, whatever it is by then, or by the hash of another one; also where somebody wants something else by then. */
export class Planners {
  /** Approvals by the hash of another list. */
  readonly mistaken = new Set<string>();

  private readonly approved = new Set<string>();

  constructor(private readonly people: Intentions, private readonly random: SeededRandom, private readonly told: readonly RecordedEvent[], private readonly now: () => number) {}

  async act(): Promise<string> {
    const { people: { identity, settings: { targets }, jobs }, random } = this;
    const answered = this.told.flatMap(({ type, data }) => (type === 'wami.sync.plan-answered.v1' ? [data as Answered] : []));
    const fresh = answered.findLast(({ plan }) => !this.approved.has(plan));
    const isMoved = random.chance(EDITS);
    if (answered.length === 0 || (isMoved && !fresh) || random.chance(0.3)) return `asks for ${await identity.plan({ targets, expiresAt: new Date(this.now() + random.pick([3_000, 600_000])).toISOString() })}`;
    const { plan, hash } = (isMoved ? fresh : undefined) ?? random.pick(answered);
    this.approved.add(plan);
    if (isMoved) await this.edit(plan);
    const by = random.pick(['seen', 'seen', 'unseen', 'mistaken'] as const);
    const job = await identity.job('apply', { targets, plan, ...(by === 'unseen' ? {} : { hash: by === 'seen' ? hash : `${hash}0` }) });
    if (by === 'mistaken') this.mistaken.add(job);
    jobs.push(job);
    return `approves ${plan}, ${by}`;
  }

  private async edit(plan: string): Promise<void> {
    const planned = new Set(this.told.flatMap(({ type, key, data }) => (type === 'wami.sync.planned.v1' && (data as { plan: string }).plan === plan ? [key] : [])));
    const users = this.people.living.filter(({ id, kind }) => kind === 'user' && planned.has(id));
    if (users.length > 0) await this.people.edit(this.random.pick(users));
  }
}
