import assert from 'node:assert/strict';
import type { Desired } from '@wami/provider-port';
import type { Claim } from '../claim';
import { NO_CHANGES, type Stage } from '../stage';
import type { KindSample } from '../witness';

const renames: Claim['appliesTo'] = ({ rename }) => rename;
/** More often than any provider keeps what was before. */
const OFTEN = 7;

/** The thing with its field changed, and the change. */
function changed(stage: Stage, desired: Desired, { field, key = field }: KindSample['changes'][number], value: unknown) {
  const after = { ...desired, document: { ...desired.document, [key]: value } };
  return { after, changes: { ...NO_CHANGES, fields: { [field]: stage.handler.shape(after).fields[field] ?? '' } } };
}

export const changeClaims: readonly Claim[] = [
  {
    id: 'rename',
    title: 'a rename keeps id, mark and tags, leaves nothing under the old name, and may be repeated',
    appliesTo: renames,
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
    id: 'renamed-by-others',
    title: 'what somebody else gave another name is found by its lasting id',
    appliesTo: renames,
    async judge(stage) {
      const before = stage.desired();
      const created = await stage.create(before);
      const { providerResourceId, nativeArn } = created;
      const name = stage.name();
      await stage.handler.update({ ...before, name }, created, { ...NO_CHANGES, fields: { name } }, stage.context());
      const found = await stage.mustObserve(before, { providerResourceId, nativeArn });
      assert.deepEqual([found.providerResourceId, found.name], [providerResourceId, name]);
    },
  },
  {
    id: 'rename-taken',
    title: 'a rename to a name that is taken is AlreadyExists and changes nothing',
    appliesTo: renames,
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
    id: 'rename-refused',
    title: 'another name, which the provider cannot give it, is Unsupported, and it stays as it is',
    appliesTo: ({ rename }) => !rename,
    async judge(stage) {
      const desired = stage.desired();
      const created = await stage.create(desired);
      const name = stage.name();
      const error = await stage.refusal(stage.handler.update({ ...desired, name }, created, { ...NO_CHANGES, fields: { name } }, stage.context()));
      assert.deepEqual([error.code, error.options.effect, error.retryable], ['Unsupported', 'none', false]);
      stage.assertIs(await stage.mustObserve(desired), desired);
    },
  },
  {
    id: 'field',
    title: 'a changed field is seen, and mark and tags stay',
    appliesTo: ({ changes }) => changes.length > 0,
    async judge(stage) {
      let desired = stage.desired();
      let observed = await stage.create(desired);
      for (const change of stage.sample.changes) {
        const { after, changes } = changed(stage, desired, change, change.value);
        ({ observed } = await stage.handler.update(after, observed, changes, stage.context()));
        stage.assertIs(observed, after);
        const found = await stage.mustObserve(after);
        stage.assertIs(found, after);
        assert.equal(found.nativeArn, observed.nativeArn);
        desired = after;
      }
    },
  },
  {
    id: 'field-often',
    title: 'a field may be changed any number of times, and the last value counts',
    appliesTo: ({ changes, rename }) => changes.length > 0 && !rename,
    async judge(stage) {
      const [change = { field: '', value: '' }] = stage.sample.changes;
      const desired = stage.desired();
      let { observed, after } = { observed: await stage.create(desired), after: desired };
      for (let time = 0; time < OFTEN; time += 1) {
        const next = changed(stage, desired, change, time % 2 === 0 ? change.value : desired.document[change.key ?? change.field]);
        after = next.after;
        ({ observed } = await stage.handler.update(after, observed, next.changes, stage.context()));
      }
      stage.assertIs(await stage.mustObserve(after), after);
    },
  },
  {
    id: 'respelled',
    title: 'what says the same in other words is no difference',
    appliesTo: ({ respelled }) => respelled !== undefined,
    async judge(stage) {
      const desired = stage.desired();
      await stage.create({ ...desired, document: { ...desired.document, ...stage.sample.respelled } });
      stage.assertIs(await stage.mustObserve(desired), desired);
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
