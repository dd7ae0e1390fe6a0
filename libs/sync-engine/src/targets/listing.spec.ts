import type { Observed } from '@wami/provider-port';
import { PlanListing } from '../plans/plan-listing';
import type { Pass } from '../reconcile/pass';
import type { Work } from '../reconcile/work';
import { Listing } from './listing';

const MOST = 1_000;
const STARTED = 5;

const things = (from: number, count: number): Observed[] => Array.from({ length: count }, (_, i) => ({
  providerResourceId: `AIDA${from + i}`, nativeArn: `arn:aws:iam::1:user/user${from + i}`, name: `user${from + i}`, mark: { instance: 'i', tenant: 'acme', id: `usr_${from + i}`, kind: 'user' },
  shape: { fields: { name: `user${from + i}`, path: '/' }, tags: { team: 'a' }, facets: { groups: ['admins'] } }, facetsRead: ['groups'],
}));
const passOf = (id: number, presence: object | null): Pass => ({
  work: { binding: { presence }, lost: false }, reference: { mark: { id: `usr_${id}` }, names: [`user${id}`] },
}) as unknown as Pass;
const workOf = (id: number, verifySince = STARTED): Work => ({ binding: { verifySince }, resource: { id: `usr_${id}` } }) as unknown as Work;

describe('listings of one process', () => {
  it('keep no more than the limit together but what is asked for, however large the targets are and in whatever order their pages come', () => {
    const listings: Listing[] = [];
    const room = (): number => MOST - listings.reduce((sum, { size }) => sum + size, 0);
    listings.push(...Array.from({ length: 6 }, () => new Listing(STARTED, room, new Set(['usr_7', 'AIDA399']))));
    for (let from = 0; from < 400; from += 100) {
      for (const listing of listings) {
        listing.add(things(from, 100));
        expect(listings.filter(({ isWhole }) => isWhole).reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(MOST);
      }
    }
    const whole = listings.filter(({ isWhole }) => isWhole);
    expect(whole.map(({ size }) => size)).toEqual(whole.map(() => 400));
    expect(whole.length).toBeGreaterThan(0);
    const narrow = listings.filter(({ isWhole }) => !isWhole);
    expect(narrow.map(({ size }) => size)).toEqual(narrow.map(() => 2));
    for (const listing of narrow) {
      expect([listing.find(passOf(7, null)), listing.find(passOf(1, { providerResourceId: 'AIDA399' })), listing.find(passOf(8, null))]).toEqual([things(7, 1)[0], things(399, 1)[0], undefined]);
      expect([listing.serves(workOf(7)), listing.serves(workOf(7, STARTED + 1)), listing.serves(workOf(8))]).toEqual([true, false, false]);
    }
    expect([whole[0]?.serves(workOf(8)), whole[0]?.find(passOf(8, null))]).toEqual([true, things(8, 1)[0]]);
  });

  it('say nothing of what was written since they began', () => {
    const listing = new Listing(STARTED, () => MOST);
    listing.add(things(0, 1));
    const seen = (writtenAt: number): unknown => listing.find(passOf(0, { providerResourceId: 'AIDA0', writtenAt }));
    expect([seen(STARTED - 1), seen(STARTED)]).toEqual([things(0, 1)[0], undefined]);
  });

  it('for which there was no room take nothing for absent in a plan', () => {
    const look = (room: number): unknown => {
      const listing = new PlanListing(STARTED, () => room);
      listing.add(things(0, 10));
      return [listing.look(passOf(3, null)), listing.look(passOf(10, null))];
    };
    expect([look(10), look(9)]).toEqual([[things(3, 1)[0], undefined], ['unsure', 'unsure']]);
  });
});
