import assert from 'node:assert/strict';
import type { Claim } from '../claim';
import { NO_CHANGES } from '../stage';

export const changeClaims: readonly Claim[] = [
  {
    id: 'rename',
    title: 'a rename keeps id, mark and tags, leaves nothing under the old name, and may be repeated',
    async judge(stage) {
      const before = stage.desired();
      const created = await stage.create(before);
      const after = { ...before, name: stage.name() };
      const rename = { ...NO_CHANGES, fields: { name: after.name } };
      stage.assertIs((await stage.handler.update(after, created, rename, stage.context())).observed, after);
      const found = await stage.mustObserve(after, { names: [before.name, after.name] });
      stage.assertIs(found, after);
      assert.deepEqual([found.providerResourceId, (await stage.names()).includes(before.name)], [created.providerResourceId, false]);
      stage.assertIs((await stage.handler.update(after, created, rename, stage.context())).observed, after);
    },
  },
  {
    id: 'rename-taken',
    title: 'a rename to a name that is taken is AlreadyExists and changes nothing',
    async judge(stage) {
      const desired = stage.desired();
      const created = await stage.create(desired);
      const taken = stage.name();
      await stage.witness.hands.create(stage.sample.kind, taken);
      const wanted = { ...desired, name: taken };
      const error = await stage.refusal(stage.handler.update(wanted, created, { ...NO_CHANGES, fields: { name: taken } }, stage.context()));
      assert.equal(error.code, 'AlreadyExists');
      stage.assertIs(await stage.mustObserve(desired), desired);
      assert.equal((await stage.mustObserve({ ...wanted, mark: { ...desired.mark, id: 'nobody' } })).mark, undefined);
    },
  },
  {
    id: 'field',
    title: 'a changed field is seen, and mark and tags stay',
    appliesTo: ({ change }) => change !== undefined,
    async judge(stage) {
      const { field, value } = stage.sample.change ?? { field: '', value: '' };
      const desired = stage.desired();
      const created = await stage.create(desired);
      const changed = { ...desired, document: { ...desired.document, [field]: value } };
      const { observed } = await stage.handler.update(changed, created, { ...NO_CHANGES, fields: { [field]: value } }, stage.context());
      stage.assertIs(observed, changed);
      const found = await stage.mustObserve(changed);
      stage.assertIs(found, changed);
      assert.equal(found.nativeArn, observed.nativeArn);
    },
  },
  {
    id: 'tags',
    title: 'tags are set, overwritten and removed, and the mark stays',
    appliesTo: ({ tags }) => tags,
    async judge(stage) {
      const desired = stage.desired(undefined, { document: { tags: { team: 'core', site: 'north' } } });
      const created = await stage.create(desired);
      const changed = { ...desired, document: { ...desired.document, tags: { team: 'edge', cost: '42' } } };
      const changes = { ...NO_CHANGES, setTags: { team: 'edge', cost: '42' }, removeTags: ['site'] };
      for (const time of ['once', 'again']) {
        const { observed } = await stage.handler.update(changed, created, changes, stage.context());
        assert.deepEqual(observed.shape.tags, { team: 'edge', cost: '42' }, time);
        stage.assertIs(await stage.mustObserve(changed), changed);
      }
    },
  },
  {
    id: 'adopt',
    title: 'an adopted thing carries our mark and keeps what it had',
    appliesTo: ({ adoptable }) => adoptable,
    async judge(stage) {
      const desired = stage.desired();
      await stage.witness.hands.create(stage.sample.kind, desired.name);
      const foreign = await stage.mustObserve(desired);
      const { observed } = await stage.handler.update(desired, foreign, { ...NO_CHANGES, adopt: true }, stage.context());
      const found = await stage.mustObserve(desired);
      assert.deepEqual([observed.mark, found.mark], [desired.mark, desired.mark]);
      assert.deepEqual([found.providerResourceId, found.shape], [foreign.providerResourceId, foreign.shape]);
    },
  },
];
