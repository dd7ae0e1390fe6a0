import type { RecordedEvent } from '@wami/contracts';
import type { Found } from '../spec-support/imports';
import type { Foreigners } from './foreigners';
import type { Importers } from './importers';
import type { Intention, Intentions } from './intentions';
import type { Picture } from './picture';
import type { Effect, SimulatedCloud } from './simulated-cloud';

/**
 * Judges imports: what others made becomes ours by the import of that very thing and by nothing else, keeps all that it had until then and after, and
 * nothing is made in its stead. What was asked for is listed once, and tells of nothing twice or that is ours.
 */
export class ImportOracle {
  /** Resources that stand for what they were imported for. */
  private readonly adopted = new Set<string>();
  private readonly found = new Set<string>();
  private readonly listed = new Map<string, number>();
  /** Memberships that the engine made: by the things' ids. */
  private readonly made = new Set<string>();
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
  private marked(id: string, resource: string, call: string): void {
    const standsFor = this.people.all.find((one) => one.id === resource)?.standsFor;
    if (standsFor === undefined || this.adopted.has(resource)) return;
    if (standsFor.id !== id) this.fail(`${call}: ${id} stands for ${resource}, which was imported for ${standsFor.id}`);
    this.adopted.add(resource);
  }

  /**
   * Whether a change of what others made is one that imports make: it gets the mark, a name that people gave it, and tags beside those that it has; or
   * a group that it is in, and that was imported, is deleted.
   */
  isStep(id: string, before: Picture, after: Picture | undefined): boolean {
    if (after === undefined) return false;
    const gone = before.groups.filter((group) => !after.groups.includes(group));
    if (gone.length > 0) return gone.every((group) => this.resourceOf.has(group) && !this.cloud.things.some(({ id: other }) => other === group)) && JSON.stringify({ ...after, groups: [] }) === JSON.stringify({ ...before, groups: [] });
    const by = this.people.all.filter(({ standsFor }) => standsFor?.id === id);
    const keys = new Set(after.tags.map(([key]) => key));
    const keeps = by.length > 0 && before.tags.every(([key]) => keys.has(key)) && before.path === after.path;
    const isNamed = after.name === before.name || this.people.hadName(after.kind, after.name);
    return keeps && isNamed && (after.mark === null || by.some((one) => one.id === after.mark));
  }

  /** Who was in a group when both came to be managed stays in it, until people say otherwise. */
  changed({ call: { api, name }, before, after }: Effect): void {
    for (const [id, text] of after) {
      const [was, { mark, groups: has }] = [before.get(id), JSON.parse(text) as Picture];
      const had = was === undefined ? [] : (JSON.parse(was) as Picture).groups;
      if (mark !== null) this.marked(id, mark, `${api} ${name}`);
      for (const group of has.filter((one) => !had.includes(one))) this.made.add(`${id} ${group}`);
      for (const group of had.filter((one) => !has.includes(one) && after.has(one))) this.lost(id, group, `${api} ${name}`);
    }
  }

  private lost(id: string, group: string, call: string): void {
    const [users, groups] = [this.importedFor(id), this.importedFor(group)];
    const isSaid = [...users, ...groups].some(({ deleted }) => deleted) || users.some((user) => groups.some((one) => this.people.tookOut(user.id, one.id)));
    if (users.length > 0 && groups.length > 0 && !isSaid && !this.made.has(`${id} ${group}`)) this.fail(`${call}: ${id} was in ${group} before they were imported, and nobody took it out of it`);
  }

  /** Whether a membership may be nobody's here to speak of: it stood there before the group was imported, of another tenant's user or of who was taken over meanwhile. */
  isTheirs(user: string, group: string): boolean {
    const [users, groups] = [this.importedFor(user), this.importedFor(group)];
    return !this.made.has(`${user} ${group}`) && groups.length > 0 && users.every(({ tenant }) => groups.every((one) => one.tenant !== tenant));
  }

  private importedFor(thing: string): Intention[] {
    return this.people.all.filter(({ standsFor }) => standsFor?.id === thing);
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
