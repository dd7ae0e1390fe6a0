import assert from 'node:assert/strict';
import { OWNER } from '@wami/provider-port';
import type { Claim } from '../claim';
import { NO_CHANGES } from '../stage';
import { loses, Owned, successorOf } from './owned';

const INACTIVE = { status: 'inactive' };
/** What an owner has one of alone is neither paused nor mistaken for another. */
const ofSeveral: Claim['appliesTo'] = ({ issued }) => issued?.most !== 1;
const canPause: Claim['appliesTo'] = (sample) => ofSeveral(sample) && sample.issued?.lasting !== true;
const ownersChangeNames: Claim['appliesTo'] = ({ issued }) => issued?.ownersChangeNames === true;
const isUnmarked: Claim['appliesTo'] = (sample) => ofSeveral(sample) && sample.issued?.marked !== true;

export const issuedClaims: readonly Claim[] = [
  {
    id: 'issued-create',
    title: 'what was created has a secret of its own, and is observed by its id in the very same shape',
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      assert.ok((applied.secret ?? '').length >= 20, 'its secret is told');
      assert.deepEqual(applied.observed.shape, stage.handler.shape(desired));
      assert.deepEqual(await owned.seen(desired, applied), applied.observed);
      assert.ok(!JSON.stringify(applied.observed).includes(applied.secret ?? ''), 'the secret is in nothing else');
    },
  },
  {
    id: 'issued-inactive',
    title: 'what is not to be used yet is made so',
    appliesTo: canPause,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make(owned.desired(INACTIVE));
      assert.deepEqual((await owned.seen(desired, applied))?.shape, stage.handler.shape(desired));
    },
  },
  {
    id: 'issued-most',
    title: 'a repeat makes another one, and one more than the provider allows is refused before it is made',
    appliesTo: ({ issued }) => (issued?.most ?? 1) > 1,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const ids = new Set<string>();
      for (let made = 0; made < (stage.sample.issued?.most ?? 0); made++) ids.add((await owned.make()).applied.observed.providerResourceId);
      assert.equal(ids.size, stage.sample.issued?.most);
      const error = await stage.refusal(owned.prepare(owned.desired()));
      assert.deepEqual([error.code, error.options.effect, error.retryable], ['LimitExceeded', 'none', false]);
    },
  },
  {
    id: 'issued-status',
    title: 'it is deactivated and activated, each safe to repeat',
    appliesTo: canPause,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      for (const document of [INACTIVE, INACTIVE, {}]) {
        const wanted = { ...desired, document: { ...desired.document, ...document } };
        const { fields } = stage.handler.shape(wanted);
        await stage.handler.update(wanted, applied.observed, { ...NO_CHANGES, fields: { status: fields['status'] ?? '' } }, stage.context());
        assert.deepEqual((await owned.seen(desired, applied))?.shape.fields, fields);
      }
    },
  },
  {
    id: 'issued-renamed',
    title: 'that its owner is called otherwise needs no call',
    needs: ({ calls }) => (calls ? undefined : 'it does not count calls'),
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      const before = stage.witness.calls?.();
      const { observed } = await stage.handler.update(desired, applied.observed, { ...NO_CHANGES, fields: { [OWNER]: 'another' } }, stage.context());
      assert.equal(stage.witness.calls?.(), before);
      assert.equal(observed.shape.fields[OWNER], 'another');
    },
  },
  {
    id: 'issued-delete',
    title: 'deleted it is gone, another of the same owner stays, and a repeat succeeds',
    appliesTo: ofSeveral,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const [one, other] = [await owned.make(), await owned.make()];
      await stage.handler.delete(one.applied.observed, stage.context());
      await stage.handler.delete(one.applied.observed, stage.context());
      assert.equal(await owned.seen(one.desired, one.applied), undefined);
      assert.deepEqual(await owned.seen(other.desired, other.applied), other.applied.observed);
    },
  },
  {
    id: 'issued-owner-gone',
    title: 'with its owner it is gone: it is not observed, and its deletion succeeds',
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      await owned.deleteOwner();
      assert.equal(await owned.seen(desired, applied), undefined);
      await stage.handler.delete(applied.observed, stage.context());
    },
  },
  {
    id: 'issued-renamed-by-others',
    title: 'where somebody else gave its owner another name it is found there, and changed, though another has the name on record',
    appliesTo: ownersChangeNames,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      await owned.renamedByOthers();
      assert.equal((await owned.seen(desired, applied))?.providerResourceId, applied.observed.providerResourceId);
      const other = await successorOf(stage, owned, applied.observed);
      assert.deepEqual((await owned.seen(desired, applied))?.mark, desired.mark);
      if (!canPause?.(stage.sample)) return;
      const wanted = { ...desired, document: { ...desired.document, ...INACTIVE } };
      await stage.handler.update(wanted, applied.observed, { ...NO_CHANGES, fields: { status: stage.handler.shape(wanted).fields['status'] ?? '' } }, stage.context());
      assert.equal((await owned.seen(desired, applied))?.shape.fields['status'], stage.handler.shape(wanted).fields['status']);
      assert.deepEqual(await other.owned.seen(other.made.desired, other.made.applied), other.made.applied.observed);
    },
  },
  {
    id: 'issued-renamed-delete',
    title: 'where somebody else gave its owner another name it is deleted there, not taken for gone, and what has the name on record keeps its own',
    appliesTo: ownersChangeNames,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const { desired, applied } = await owned.make();
      await owned.renamedByOthers();
      const before = await owned.seen(desired, applied);
      // By what was known before the name changed: deleted, or said to stand.
      if (stage.sample.issued?.marked !== true) assert.equal((await stage.refusal(stage.handler.delete(applied.observed, stage.context()))).code, 'Conflict');
      const other = await successorOf(stage, owned, applied.observed);
      assert.ok(before);
      for (let times = 0; times < 2; times++) await stage.handler.delete(before, stage.context());
      assert.notDeepEqual((await owned.seen(desired, applied))?.mark, desired.mark);
      assert.deepEqual(await other.owned.seen(other.made.desired, other.made.applied), other.made.applied.observed);
    },
  },
  {
    id: 'issued-lost',
    title: 'what an attempt made whose answer was lost is found by what was noted before, and by nothing else',
    appliesTo: ofSeveral,
    needs: loses,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const before = await owned.make();
      const desired = owned.desired();
      const groundwork = await owned.prepare(desired);
      assert.equal(await owned.observe(desired, { groundwork }), undefined, 'nothing was made yet');
      stage.witness.misbehaviour?.at(stage.sample.madeBy ?? 1, 'lost-answer');
      assert.equal((await stage.refusal(stage.handler.create(desired, stage.context()))).options.effect, 'unknown');
      const found = await owned.observe(desired, { groundwork });
      assert.ok(found, 'what the attempt made is found');
      assert.notEqual(found.providerResourceId, before.applied.observed.providerResourceId);
      assert.equal(await owned.observe(desired, { groundwork, others: [found.providerResourceId] }), undefined, 'what is on record for another is none of it');
      assert.equal(await owned.observe(desired, {}), undefined, 'without a note nothing is found');
      await stage.handler.delete(found, stage.context());
      assert.equal(await owned.observe(desired, { groundwork }), undefined);
      assert.deepEqual(await owned.seen(before.desired, before.applied), before.applied.observed);
    },
  },
  {
    id: 'issued-either',
    title: 'where it could be either of two, neither is found, and the refusal names both',
    appliesTo: isUnmarked,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const desired = owned.desired();
      const groundwork = await owned.prepare(desired);
      const [one, other] = [await owned.make(), await owned.make()];
      const error = await stage.refusal(owned.observe(desired, { groundwork }));
      assert.equal(error.code, 'Conflict');
      for (const { applied } of [one, other]) assert.ok(error.message.includes(applied.observed.providerResourceId));
    },
  },
  {
    id: 'issued-used',
    title: 'what somebody uses is not found, though it is new and of its time',
    appliesTo: (sample) => isUnmarked(sample) && sample.issued?.useUntold !== true,
    needs: ({ hands }) => (hands.use ? undefined : 'nobody can sign in to it'),
    async judge(stage) {
      const owned = await Owned.by(stage);
      const desired = owned.desired();
      const groundwork = await owned.prepare(desired);
      const { applied: { observed: { providerResourceId }, secret = '' } } = await owned.make();
      assert.equal((await owned.observe(desired, { groundwork }))?.providerResourceId, providerResourceId);
      await stage.witness.hands.use?.(providerResourceId, secret);
      assert.equal(await owned.observe(desired, { groundwork }), undefined);
    },
  },
  {
    id: 'issued-older',
    title: 'what is not of the time of the attempt is not found, also where it is new',
    appliesTo: isUnmarked,
    async judge(stage) {
      const owned = await Owned.by(stage);
      const desired = owned.desired();
      const groundwork = await owned.prepare(desired);
      await owned.make();
      for (const hours of [-1, 1]) assert.equal(await owned.observe(desired, { groundwork: { ...groundwork, at: Number(groundwork['at']) + hours * 3_600_000 } }), undefined);
    },
  },
];
