import assert from 'node:assert/strict';
import type { Claim } from '../claim';
import { NO_CHANGES } from '../stage';

const appliesTo: Claim['appliesTo'] = ({ relation }) => relation !== undefined;

export const relationClaims: readonly Claim[] = [
  {
    id: 'relations',
    title: 'relations are made with it, added and removed, and each may be repeated',
    appliesTo,
    perRelation: true,
    async judge(stage) {
      const facet = stage.sample.relation?.facet ?? '';
      const [stays = '', leaves = '', comes = ''] = await stage.others(3);
      const desired = stage.desired(undefined, { relations: [stays, leaves] });
      const created = await stage.create(desired);
      stage.assertIs(await stage.mustObserve(desired), desired);
      const changed = { ...stage.withRelations(desired, [stays, comes]), ends: stage.ends([stays, leaves, comes]) };
      const changes = { ...NO_CHANGES, addTo: { [facet]: [comes, stays] }, removeFrom: { [facet]: [leaves] } };
      for (const time of ['once', 'again']) {
        const { observed, rejected } = await stage.handler.update(changed, created, changes, stage.context());
        assert.deepEqual(rejected, [], time);
        stage.assertIs(observed, changed);
        stage.assertIs(await stage.mustObserve(changed), changed);
      }
    },
  },
  {
    id: 'relation-refused',
    title: 'one relation that is refused is named, and the others go through',
    appliesTo,
    perRelation: true,
    async judge(stage) {
      const facet = stage.sample.relation?.facet ?? '';
      const [first = '', last = ''] = await stage.others(2);
      const absent = stage.name();
      const desired = stage.desired(undefined, { relations: [first, absent, last] });
      const { observed, rejected } = await stage.handler.create(desired, stage.context());
      assert.deepEqual(
        rejected.map(({ facet: of, name, error }) => [of, name, error.code]),
        [[facet, absent, 'NotFound']],
      );
      const held = stage.withRelations(desired, [first, last]);
      stage.assertIs(observed, held);
      stage.assertIs(await stage.mustObserve(desired), held);
    },
  },
  {
    id: 'relation-removal-unseen',
    title: 'a relation to take away whose other end is not there under its name (it may be getting another) is named as refused, not taken for done',
    appliesTo,
    perRelation: true,
    async judge(stage) {
      const facet = stage.sample.relation?.facet ?? '';
      const [stays = ''] = await stage.others(1);
      const absent = stage.name();
      const desired = stage.desired(undefined, { relations: [stays] });
      const created = await stage.create(desired);
      const { rejected } = await stage.handler.update({ ...desired, ends: stage.ends([stays, absent]) }, created, { ...NO_CHANGES, removeFrom: { [facet]: [absent] } }, stage.context());
      assert.deepEqual(
        rejected.map(({ facet: of, name, error }) => [of, name, error.code]),
        [[facet, absent, 'NotFound']],
      );
      stage.assertIs(await stage.mustObserve(desired), desired);
    },
  },
  {
    id: 'relation-other-end-gone',
    title: 'the other end of a relation can be deleted while the relation stands',
    appliesTo,
    perRelation: true,
    async judge(stage) {
      const { desired, handler, end, observeEnd } = await stage.related();
      await handler.delete(end, stage.context());
      assert.equal(await observeEnd(), undefined);
      assert.deepEqual((await stage.mustObserve(desired)).shape.facets, stage.handler.shape(stage.withRelations(desired, [])).facets);
    },
  },
];
