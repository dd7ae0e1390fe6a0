/// <reference types="jest" />
import { inTurns, type Desired, type Observed, type ProviderTarget, type ResourceHandler } from '@wami/provider-port';
import { callsSince, type Calls } from '../wami/calls';
import { callContext, handlerAt } from './keys-at-sandbox';

const MEMBERS = 1_000;
const GROUP = 'crew';
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {} };

/** A sandbox with nobody in it. */
export interface Crowd {
  readonly target: ProviderTarget;
  calls(): Calls;
  /** How many the group has, past all reads. */
  size(): number;
  /** Somebody else makes somebody new and puts them into the group. */
  join(group: Observed): Promise<void>;
  close(): Promise<void>;
}

/** What it costs to fill the group, to look at all of its members, and to take one away. */
interface CrowdCosts {
  readonly fill: Calls;
  readonly look: Calls;
  readonly leave: Calls;
}

/** A describe of jest: a group of a thousand of ours and one of somebody else's. */
export function describeThousandMembers(open: () => Promise<Crowd>, costs: CrowdCosts, more?: (crowd: () => Crowd, group: () => Observed) => void): void {
  describe('a group of a thousand', () => {
    let crowd: Crowd;
    let users: ResourceHandler;
    let group: Observed;
    const desired = (kind: string, name: string): Desired => ({ name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind }, document: {}, facets: {} });
    const member = (index: number): Desired => ({ ...desired('user', `member-${index}`), facets: { groups: [GROUP] }, ends: { groups: { [GROUP]: group.nativeArn } } });
    const cost = async (run: () => Promise<unknown>): Promise<Calls> => {
      const before = crowd.calls();
      await run();
      return callsSince(before, crowd.calls());
    };
    const all = async (): Promise<Observed[]> => {
      const seen: Observed[] = [];
      for await (const page of users.list(callContext())) seen.push(...page);
      return seen;
    };
    const inside = (seen: readonly Observed[]): number => seen.filter(({ shape }) => shape.facets['groups']?.includes(GROUP)).length;

    beforeAll(async () => {
      crowd = await open();
      users = handlerAt(crowd.target, 'user');
      ({ observed: group } = await handlerAt(crowd.target, 'group').create(desired('group', GROUP), callContext()));
    }, 60_000);
    afterAll(() => crowd.close());

    it('is filled with one call for each member', async () => {
      expect(await cost(() => inTurns(Array.from({ length: MEMBERS }, (_, index) => member(index)), (one) => users.create(one, callContext())))).toEqual(costs.fill);
      expect(crowd.size()).toBe(MEMBERS);
    }, 60_000);

    it('is seen whole, page by page, whoever put them there', async () => {
      await crowd.join(group);
      let seen: Observed[] = [];
      expect(await cost(async () => (seen = await all()))).toEqual(costs.look);
      expect([inside(seen), seen.filter(({ mark }) => mark === undefined).length]).toEqual([MEMBERS + 1, 1]);
    }, 60_000);

    it('loses the one that is taken away and no other', async () => {
      const one = member(500);
      const observed = await users.observe({ mark: one.mark, names: [one.name] }, ['groups'], callContext());
      if (observed === undefined) throw new Error(`${one.name} is not there`);
      const changes = { ...NOTHING, removeFrom: { groups: [GROUP] } };
      expect(await cost(() => users.update({ ...one, facets: { groups: [] } }, observed, changes, callContext()))).toEqual(costs.leave);
      expect(crowd.size()).toBe(MEMBERS);
    });

    more?.(() => crowd, () => group);
  });
}
