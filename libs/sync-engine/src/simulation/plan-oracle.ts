import type { RecordedEvent } from '@wami/contracts';

type Accepted = { readonly job: string; readonly plan?: string; readonly refused?: string };

/** Judges what becomes of approvals of plans: each list is carried out once, and by no other hash than its own. */
export class PlanOracle {
  private readonly applied = new Set<string>();

  constructor(private readonly isMistaken: (job: string) => boolean, private readonly fail: (words: string) => void) {}

  hear({ type, data }: RecordedEvent): void {
    const { job, plan, refused } = data as Accepted;
    if (type !== 'wami.sync.job-accepted.v1' || plan === undefined) return;
    if (refused === 'other-hash' && !this.isMistaken(job)) this.fail(`${job} is refused for the hash, and that is the one of ${plan}`);
    if (refused !== undefined) return;
    if (this.isMistaken(job)) this.fail(`${job} is taken on, and its hash is not the one of ${plan}`);
    if (this.applied.has(plan)) this.fail(`${plan} is carried out once more by ${job}`);
    this.applied.add(plan);
  }
}
