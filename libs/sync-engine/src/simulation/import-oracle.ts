import type { RecordedEvent } from '@wami/contracts';
import type { Found } from '../spec-support/imports';
import type { Foreigners } from './foreigners';
import type { Importers } from './importers';
import type { Intention, Intentions } from './intentions';
import type { Picture } from './picture';
import type { SimulatedCloud } from './simulated-cloud';

/**
 * Judges imports: what others made becomes ours by the import of that very thing and by nothing else, keeps all that it had until then and after, and
 * nothing is made in its stead. What was asked for is listed once, and tells of nothing twice or that is ours.
 */
export class ImportOracle {
  /** Resources that stand for what they were imported for. */
  private readonly adopted = new Set<string>();
  private readonly found = new Set<string>();
  private readonly listed = new Map<string, number>();
  /** Where the engine reads the target for imports. */
  importers: Pick<Importers, 'asked'> | undefined;

  /** `resourceOf`: of each thing that ever carried a mark. */
  constructor(
    private readonly cloud: SimulatedCloud, private readonly people: Intentions, private readonly foreigners: Foreigners, private readonly resourceOf: ReadonlyMap<string, string>, private readonly fail: (words: string) => void,
  ) {}

  hear({ type, key, data, personal }: RecordedEvent): void {
    if (type === 'wami.sync.import-listed.v1') this.listed.set(key, (this.listed.get(key) ?? 0) + 1);
    if (type !== 'wami.sync.import-found.v1') return;
    const ours = this.importers?.asked.get(key);
    for (const { item } of (data as Found['data']).items) {
      if (this.found.has(item)) this.fail(`${key} tells of ${item} twice`);
      this.found.add(item);
      const id = (personal as Found['personal']).things[item]?.providerResourceId ?? '';
      const mark = this.cloud.things.find((thing) => thing.id === id)?.mark?.id;
      if (mark !== undefined && ours?.has(id) && !this.foreigners.hadHandsOn(mark)) this.fail(`${key} tells that nobody manages ${id}, which stands for ${mark}`);
    }
  }

  /** Something stands there for a resource from now on. */
  marked(id: string, resource: string, call: string): void {
    const standsFor = this.people.all.find((one) => one.id === resource)?.standsFor;
    if (standsFor === undefined || this.adopted.has(resource)) return;
    if (standsFor.id !== id) this.fail(`${call}: ${id} stands for ${resource}, which was imported for ${standsFor.id}`);
    this.adopted.add(resource);
  }

  /**
   * Whether a change of what others made is one that imports make: it gets the mark, a name that people gave it, and tags beside those that it has; or
   * a group that it is in, and that was imported, goes.
   */
  isStep(id: string, before: Picture, after: Picture | undefined): boolean {
    if (after === undefined) return false;
    const gone = before.groups.filter((group) => !after.groups.includes(group));
    if (gone.length > 0) return gone.every((group) => this.resourceOf.has(group)) && JSON.stringify({ ...after, groups: [] }) === JSON.stringify({ ...before, groups: [] });
    const by = this.people.all.filter(({ standsFor }) => standsFor?.id === id);
    const keys = new Set(after.tags.map(([key]) => key));
    const keeps = by.length > 0 && before.tags.every(([key]) => keys.has(key)) && before.path === after.path;
    const isNamed = after.name === before.name || this.people.hadName(after.kind, after.name);
    return keeps && isNamed && (after.mark === null || by.some((one) => one.id === after.mark));
  }

  /** Whether it is true that a resource cannot stand for what it was imported for: it is gone, another's, or called otherwise by now. */
  isLost({ id, name, standsFor }: Intention): boolean {
    if (standsFor === undefined) return false;
    const thing = this.cloud.things.find((one) => one.id === standsFor.id);
    return thing === undefined || (thing.mark !== undefined && thing.mark.id !== id) || (thing.name !== standsFor.name && thing.name !== name);
  }

  audit(): void {
    for (const job of this.importers?.asked.keys() ?? []) if (this.listed.get(job) !== 1) this.fail(`${job} was listed ${this.listed.get(job) ?? 0} times`);
  }
}
