import type { FoundThing, ImportableKind, RecordedEvent } from '@wami/contracts';
import type { Schedule, SeededRandom } from '@wami/testing';
import type { Found } from '../spec-support/imports';
import { ACCOUNT } from '../spec-support/identity';
import type { Intentions } from './intentions';

/** Something that can be imported. */
export interface Importable {
  readonly item: string;
  readonly kind: ImportableKind;
  readonly thing: FoundThing;
}

/** How often what was found is to be managed, and how often it gets another name then. */
const WANTED = 0.8;
const RENAMED = 0.4;

/** People who ask what others made, and identity, as far as it makes resources of what was found: some time after it was told, when that may not stand there any more. */
export class Importers {
  /** Told, and not decided about yet. */
  pending = 0;
  /** Jobs that were asked for, each with the things that had stood there as ours for some time. */
  readonly asked = new Map<string, ReadonlySet<string>>();
  private heard = 0;
  private decidedAt = 0;
  private readonly made = new Map<string, string>();

  /** `publish`: to be called when something became intent. */
  constructor(
    private readonly schedule: Schedule, private readonly random: SeededRandom, private readonly people: Intentions, private readonly told: readonly RecordedEvent[], private readonly publish: () => void,
  ) {}

  async ask(ours: ReadonlySet<string>): Promise<string> {
    const job = await this.people.identity.import({ tenant: this.people.settings.any() });
    this.asked.set(job, ours);
    return `asks for ${job}`;
  }

  /** To be called often: hears what was found since. */
  listen(): void {
    for (const { type, tenant, data, personal } of this.told.slice(this.heard)) {
      if (type !== 'wami.sync.import-found.v1') continue;
      const { job, kind, items } = data as Found['data'];
      const { things } = personal as Found['personal'];
      this.found(job, tenant, items.flatMap(({ item, obstacle }) => (things[item] && obstacle === undefined ? [{ item, kind, thing: things[item] }] : [])));
    }
    this.heard = this.told.length;
  }

  /** Decided about in the order in which it was told. */
  found(job: string, tenant: string, things: readonly Importable[]): string {
    const { schedule } = this;
    this.pending += 1;
    this.decidedAt = Math.max(this.decidedAt, schedule.now) + this.random.between(1, 2_000);
    schedule.after(this.decidedAt - schedule.now, 'world', 'makes resources of what was found', async () => {
      for (const one of things) await this.decide(job, tenant, one);
      this.pending -= 1;
      this.publish();
    });
    return `finds ${things.map(({ thing }) => thing.nativeName).join(', ')}`;
  }

  private async decide(job: string, tenant: string, { item, kind, thing }: Importable): Promise<void> {
    const { people, random } = this;
    if (!random.chance(WANTED)) return;
    const newName = random.chance(RENAMED) ? people.freeName(kind, tenant) : undefined;
    const { providerResourceId, nativeName: name } = thing;
    const one = await people.import(kind, tenant, thing, { provider: 'aws', account: ACCOUNT, providerResourceId, name, job, item }, newName);
    if (!one) return;
    this.made.set(item, one.id);
    for (const { resource, item: other } of thing.related) await people.join(one, resource ?? this.made.get(other ?? ''));
  }
}
