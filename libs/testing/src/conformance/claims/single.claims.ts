import assert from 'node:assert/strict';
import type { Claim } from '../claim';
import { loses, Owned } from './owned';

const ofOne: Claim['appliesTo'] = ({ issued }) => issued?.most === 1;

/** Of what its owner has one of, made with a secret that is told once. */
export const singleClaims: readonly Claim[] = [
  {
    id: 'single-most',
    title: 'a second of the same owner is refused, and changes nothing of the first',
    appliesTo: ofOne,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      const error = await stage.refusal(owned.make());
      assert.deepEqual([error.code, error.options.effect], ['AlreadyExists', 'none']);
      assert.deepEqual(await owned.seen(desired, applied), applied.observed);
    },
  },
  {
    id: 'single-delete',
    title: 'deleted it is gone, a repeat succeeds, and there can be another',
    appliesTo: ofOne,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      for (let times = 0; times < 2; times++) await stage.handler.delete(applied.observed, stage.context());
      assert.equal(await owned.seen(desired, applied), undefined);
      const next = await owned.make();
      assert.notEqual(next.applied.secret, applied.secret);
    },
  },
  {
    id: 'single-lost',
    title: 'what an attempt made whose answer was lost is found as ours by what was noted before, and without that as nobody\'s',
    appliesTo: ofOne,
    needs: loses,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const desired = owned.desired();
      const groundwork = await owned.prepare(desired);
      assert.equal(await owned.observe(desired, { groundwork }), undefined, 'nothing was made yet');
      stage.witness.misbehaviour?.at(1, 'lost-answer');
      assert.equal((await stage.refusal(stage.handler.create(desired, stage.context()))).options.effect, 'unknown');
      const found = await owned.observe(desired, { groundwork });
      assert.deepEqual(found?.mark, desired.mark, 'what the attempt made is found as ours');
      const unnoted = await owned.observe(desired, {});
      assert.ok(unnoted && unnoted.mark === undefined, 'without a note it is nobody\'s');
      await stage.handler.delete(found, stage.context());
      assert.equal(await owned.observe(desired, { groundwork }), undefined);
    },
  },
  {
    id: 'single-others',
    title: 'what others made is found as nobody\'s: where nothing was noted, where it was there before or is not of the time of an attempt, and where another is on record',
    appliesTo: ofOne,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const desired = owned.desired();
      const groundwork = await owned.prepare(desired);
      await stage.witness.hands.create(stage.sample.kind, owned.name);
      const wayOff = [-1, 1].map((hours) => ({ groundwork: { ...groundwork, at: Number(groundwork['at']) + hours * 3_600_000 } }));
      for (const reference of [{}, ...wayOff, { providerResourceId: 'another', groundwork }, { groundwork: await owned.prepare(desired) }]) {
        const found = await owned.observe(desired, reference);
        assert.ok(found && found.mark === undefined, JSON.stringify(reference));
      }
    },
  },
];
