import type { RecordedEvent, RecordedSyncApprovalEvent } from '@wami/contracts';
import type { SeededRandom } from '@wami/testing';
import type { TestIdentity } from '../spec-support/identity';
import type { RememberedEvents } from './remembered-events';

type Tripped = Extract<RecordedSyncApprovalEvent, { type: 'wami.sync.guard-tripped.v1' }>;

/** People who are told what the guard holds, and decide about it: about all of it, or about what they saw of it. */
export class Approvers {
  /** Resources of which somebody allowed that they, or something of them, are taken away. */
  readonly allowed = new Set<string>();
  private readonly decided = new Set<string>();

  constructor(private readonly identity: TestIdentity<RememberedEvents>, private readonly random: SeededRandom, private readonly told: readonly RecordedEvent[]) {}

  /** Whether a list was told of that has this resource in it. */
  isHeld(approval: string, resource: string): boolean {
    return this.parts.some(({ key, data }) => key === approval && data.items.some((item) => item.resource === resource));
  }

  /** About one list that is told of, if there is one. */
  async act(): Promise<string> {
    const open = [...new Set(this.parts.map(({ key }) => key))].filter((id) => !this.decided.has(id));
    if (open.length === 0) return 'looks for what is held';
    const id = this.random.pick(open);
    this.decided.add(id);
    if (this.random.chance(0.3)) {
      await this.identity.decide(id, 'rejected');
      return `rejects ${id}`;
    }
    const seen = this.parts.filter(({ key }) => key === id).slice(0, this.random.chance(0.3) ? 1 : undefined);
    for (const { data } of seen) for (const { resource } of data.items) this.allowed.add(resource);
    await this.identity.decide(id, 'approved', seen.at(-1)?.data.hash);
    return `approves ${id} as of part ${seen.length}`;
  }

  /** In the order of their parts: of one approval they are appended one after the other. */
  private get parts(): Tripped[] {
    return this.told.filter(({ type }) => type === 'wami.sync.guard-tripped.v1') as unknown as Tripped[];
  }
}
