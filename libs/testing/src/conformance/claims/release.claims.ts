import assert from 'node:assert/strict';
import type { Claim } from '../claim';

/** What `deletionPolicy: orphan` rests on. */
export const releaseClaims: readonly Claim[] = [
  {
    id: 'release',
    title: 'what is let go loses the mark and stays as it is, with its relations; again, and of what is not there, it succeeds',
    async judge(stage) {
      const { handler, sample } = stage;
      assert.ok(handler.release, 'what carries a mark can be let go');
      const others = sample.relation ? await stage.others(2) : [];
      const desired = stage.desired(undefined, { relations: others });
      const created = await stage.create(desired);
      for (const time of ['once', 'again']) {
        await handler.release(created, stage.context());
        const found = await stage.mustObserve(desired);
        assert.deepEqual([found.mark, found.providerResourceId, found.shape], [undefined, created.providerResourceId, handler.shape(desired)], time);
      }
      await handler.delete(created, stage.context());
      await handler.release(created, stage.context());
      assert.equal(await stage.observe(desired), undefined);
    },
  },
  {
    id: 'release-other-end',
    title: 'the other end of a relation keeps it when it is let go',
    appliesTo: ({ relation }) => relation !== undefined,
    perRelation: true,
    async judge(stage) {
      const { desired, handler, end, observeEnd } = await stage.related();
      assert.ok(handler.release);
      await handler.release(end, stage.context());
      assert.equal((await observeEnd())?.mark, undefined);
      assert.deepEqual((await stage.mustObserve(desired)).shape.facets, stage.handler.shape(desired).facets);
    },
  },
];
