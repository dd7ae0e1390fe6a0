import type { Difference, RecordedEvent, SyncConfigPatch } from '@wami/contracts';
import { patiently as eventually } from '@wami/testing';
import { TO_AWS, type EngineUnderTest } from './engine-under-test';
import { ShiftedClock } from './shifted-clock';

export const HOUR = 3_600_000;
const EVERY_HOUR: SyncConfigPatch = { ...TO_AWS, triggers: { schedule: 'PT1H' } };

/** A tenant whose users are Synced, and whose direction changes then; sweeps come by the hour of a clock that is shifted. Used by specs. */
export class Pulling {
  private readonly clock = new ShiftedClock();
  private tenant = '';
  private taken = 0;

  constructor(private readonly test: EngineUnderTest) {}

  /** Resolves with their ids. Each is in `admins`. */
  async users(names: readonly string[], config: SyncConfigPatch = {}): Promise<string[]> {
    const { identity } = this.test;
    this.tenant = await identity.tenant('acme', { ...EVERY_HOUR, ...config, direction: 'push' });
    const group = await identity.group('admins');
    const ids: string[] = [];
    for (const name of names) ids.push(await identity.user(name, { tags: { team: 'a' } }));
    for (const id of ids) await identity.member('add', group, id);
    await this.start();
    await this.settled();
    await this.configure(config);
    return ids;
  }

  async start(): Promise<void> {
    await this.test.start(this.clock.parts({ ownershipMs: 10 * HOUR }));
  }

  async configure(config: SyncConfigPatch): Promise<void> {
    await this.test.identity.configure(this.tenant, 'acme', { ...EVERY_HOUR, ...config });
    await this.settled();
  }

  settled = (): Promise<unknown> => eventually(async () => expect(await this.test.isQuiet()).toBe(true));

  told = async (type: string): Promise<RecordedEvent[]> => (await this.test.outcomes()).filter((event) => event.type === `wami.sync.${type}.v1`);

  /** Lets an hour pass, and the sweep that is due then. */
  async sweep(): Promise<void> {
    await eventually(async () => expect((await this.test.pool.query('SELECT 1 FROM sync_aws.engine_sweeps WHERE since IS NULL AND due_at < 9e15')).rowCount).toBe(1));
    const before = (await this.told('swept')).length;
    this.clock.shift(1.2 * HOUR);
    await eventually(async () => expect((await this.told('swept')).length).toBeGreaterThan(before));
    await this.settled();
  }

  /** What was pulled since the last time, as [resource, changes]. */
  async pulled(): Promise<[string, readonly Difference[]][]> {
    const events = (await this.told('pulled')).slice(this.taken);
    this.taken += events.length;
    return events.map(({ key, personal }) => [key, (personal as { differences: Difference[] }).differences]);
  }

  /** What identity does with it, refusing nothing. */
  async takeOver(): Promise<void> {
    const { identity } = this.test;
    for (const [user, changes] of await this.pulled()) {
      const tags = Object.fromEntries(changes.flatMap(({ at, found = null }) => (at.startsWith('tags/') ? [[at.slice('tags/'.length), found]] : [])));
      const of = (at: string): string | undefined => changes.find((change) => change.at === at)?.found;
      const [userName, path] = [of('fields/name'), of('fields/path')];
      await identity.patchUser(user, { ...(Object.keys(tags).length > 0 ? { tags } : {}), ...(userName ? { userName } : {}), ...(path ? { path } : {}) });
      for (const { at, found } of changes.filter((change) => change.at.startsWith('groups/'))) await identity.member(found === undefined ? 'remove' : 'add', at.slice('groups/'.length), user);
    }
    await this.settled();
  }

  /** Sweeps once more: resolves with what is written and said on either side beside that it swept. */
  async echo(): Promise<readonly string[]> {
    const before = { writes: this.test.cloud.writes.length, said: (await this.test.outcomes()).length, intent: await this.test.identity.store.head() };
    await this.sweep();
    const said = (await this.test.outcomes()).slice(before.said).map(({ type }) => type).filter((type) => type !== 'wami.sync.swept.v1');
    const intent = (await this.test.identity.store.head()) === before.intent ? [] : ['intent changed'];
    return [...this.test.cloud.writes.slice(before.writes).map(({ api, name }) => `${api} ${name}`), ...said, ...intent];
  }
}
