import { namesOf, type Work } from '../reconcile/work';
import { NameTurns } from './name-turns';
import { NamesGiven } from './names-given';
import { NamesGoing } from './names-going';

/** A user who has a name on record, and may get another; `adopts`: what he was imported for has this one, and nothing is on record. */
function work(resource: string, name: string, to?: string, adopts?: string): Work {
  const tried = to === undefined ? {} : { [to]: 1 };
  return { resource: { id: resource, document: adopts ? { adopts: { account: '1', name: adopts } } : {} }, binding: { resource, kind: 'user', account: '1', presence: adopts ? null : { name, facets: {} }, tried, triedEnds: {}, deleted: false, deletionSent: {} }, ends: new Map(), relations: {} } as unknown as Work;
}

/** Nothing was written. */
const ended = { presence: null, noNameGiven: true };
let turns: NameTurns;
beforeEach(() => {
  turns = new NameTurns(new NamesGoing(() => 0, 1_000), new NamesGiven(() => 0, 1_000), () => 0);
});

describe('turns with names', () => {
  it('of two that have or may get one name the later waits for the earlier', () => {
    const [ann, bob] = [work('usr_1', 'ann'), work('usr_2', 'bob', 'ann')];
    expect(turns.admit([ann, bob])).toEqual([ann]);
    expect(turns.size).toBe(1);
    expect(turns.ended(ann, ended)).toEqual([bob]);
    expect(turns.size).toBe(0);
  });

  it('who is imported has the name of what he is to be: calls are made by it, and what nobody answered keeps it from others for a time', () => {
    const [first, second] = [work('usr_1', '', 'anna', 'ann'), work('usr_2', '', undefined, 'ann')];
    expect(turns.admit([first, second])).toEqual([first]);
    expect(turns.ended(first, { ...ended, called: namesOf(first) })).toEqual([second]);
    expect(['ann', 'anna'].map((name) => [turns.going.freeAt('user', name, 'usr_1'), turns.going.freeAt('user', name, 'usr_2')])).toEqual([[undefined, 1_000], [undefined, 1_000]]);
  });

  it('what is put back gives its turn up, what is held of it too, and stands in nobody’s way', () => {
    const [ann, bob, carl] = [work('usr_1', 'ann'), work('usr_2', 'bob', 'ann'), work('usr_3', 'carl')];
    expect(turns.admit([ann, bob, carl])).toEqual([ann, carl]);
    expect(turns.putBack([ann, carl])).toEqual([ann, carl, bob]);
    expect(turns.size).toBe(0);
    // Claimed anew, in another order: nobody waits for one that was put back.
    const [bobAgain, annAgain] = [work('usr_2', 'bob', 'ann'), work('usr_1', 'ann')];
    expect(turns.admit([bobAgain])).toEqual([bobAgain]);
    expect(turns.admit([annAgain])).toEqual([]);
    expect(turns.ended(bobAgain, ended)).toEqual([expect.objectContaining({ resource: annAgain.resource })]);
  });

  it('what is in flight keeps its turn while others are put back: who is claimed anew waits for it', () => {
    const [ann, bob] = [work('usr_1', 'ann'), work('usr_2', 'bob', 'ann')];
    turns.admit([ann, bob]);
    expect(turns.putBack([])).toEqual([bob]);
    const again = work('usr_2', 'bob', 'ann');
    expect(turns.admit([again])).toEqual([]);
    expect(turns.ended(ann, ended)).toEqual([again]);
  });
});
