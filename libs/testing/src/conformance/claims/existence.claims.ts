import assert from 'node:assert/strict';
import type { Claim } from '../claim';

export const existenceClaims: readonly Claim[] = [
  {
    id: 'create',
    title: 'what was created is observed in the very same shape, with its mark',
    async judge(stage) {
      const desired = stage.desired();
      stage.assertIs(await stage.create(desired), desired);
      stage.assertIs(await stage.mustObserve(desired), desired);
    },
  },
  {
    id: 'create-again',
    title: 'a repeated create is AlreadyExists and nothing is doubled',
    async judge(stage) {
      const desired = stage.desired();
      const { providerResourceId } = await stage.create(desired);
      const error = await stage.refusal(stage.handler.create(desired, stage.context()));
      assert.deepEqual([error.code, error.options.effect, error.retryable], ['AlreadyExists', 'none', false]);
      assert.equal((await stage.names()).filter((name) => name === desired.name).length, 1);
      assert.equal((await stage.mustObserve(desired)).providerResourceId, providerResourceId);
    },
  },
  {
    id: 'foreign',
    title: 'a name that somebody else holds is AlreadyExists, and the thing is seen as not marked',
    async judge(stage) {
      const desired = stage.desired();
      await stage.witness.hands.create(stage.sample.kind, desired.name);
      assert.equal((await stage.refusal(stage.handler.create(desired, stage.context()))).code, 'AlreadyExists');
      const found = await stage.mustObserve(desired);
      assert.equal(found.mark, undefined);
      assert.equal(found.name, desired.name);
    },
  },
  {
    id: 'other-case',
    title: 'a name that differs only in case is AlreadyExists',
    appliesTo: ({ caseInsensitive }) => caseInsensitive,
    async judge(stage) {
      const desired = stage.desired();
      await stage.create(desired);
      const shouted = { ...stage.desired(desired.name.toUpperCase()), mark: { ...desired.mark, id: 'another' } };
      assert.equal((await stage.refusal(stage.handler.create(shouted, stage.context()))).code, 'AlreadyExists');
    },
  },
  {
    id: 'no-secret',
    title: 'an error carries nothing secret',
    async judge(stage) {
      const desired = stage.desired();
      await stage.create(desired);
      const error = await stage.refusal(stage.handler.create(desired, stage.context()));
      const said = JSON.stringify({ ...error, message: error.message, stack: error.stack });
      assert.ok(
        stage.witness.secrets.length > 0 && stage.witness.secrets.every((secret) => !said.includes(secret)),
        'no secret in the error',
      );
      assert.ok(!/authorization|signature=/i.test(said), 'no header in the error');
    },
  },
  {
    id: 'delete',
    title: 'what was deleted is gone, and deleting it again succeeds',
    async judge(stage) {
      const desired = stage.desired();
      const observed = await stage.create(desired);
      await stage.handler.delete(observed, stage.context());
      assert.equal(await stage.observe(desired), undefined);
      await stage.handler.delete(observed, stage.context());
      assert.ok(!(await stage.names()).includes(desired.name), 'the provider does not list it any more');
    },
  },
  {
    id: 'delete-hindered',
    title: 'a delete first takes away what stands in its way',
    appliesTo: ({ unhindered }) => unhindered !== true,
    async judge(stage) {
      const { hands } = stage.witness;
      const desired = stage.desired();
      const observed = await stage.create(desired);
      await hands.hinder(stage.sample.kind, desired.name);
      await assert.rejects(hands.deleteBarely(stage.sample.kind, desired.name), 'the witness refuses a delete with nothing before it');
      await stage.handler.delete(observed, stage.context());
      assert.ok(!(await stage.names()).includes(desired.name), 'it is gone');
    },
  },
  {
    id: 'names',
    title: 'names at the edge of the rules are held, names beyond it are refused before any call, as the provider would',
    async judge(stage) {
      const { hands } = stage.witness;
      for (const name of stage.sample.goodNames) {
        const desired = stage.desired(name);
        assert.equal(stage.handler.check(desired), undefined);
        stage.assertIs(await stage.create(desired), desired);
      }
      for (const name of stage.sample.badNames) {
        const desired = stage.desired(name);
        assert.equal(stage.handler.check(desired)?.code, 'InvalidRequest', name);
        assert.doesNotThrow(() => stage.handler.shape(desired), 'what it should be can be said of a name that is refused, too');
        await assert.rejects(hands.create(stage.sample.kind, name), `the witness refuses ${name}`);
      }
    },
  },
];
