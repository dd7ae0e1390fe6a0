import assert from 'node:assert/strict';
import type { Claim } from '../claim';
import type { Stage } from '../stage';

const needs: Claim['needs'] = ({ calls }) => (calls ? undefined : 'it does not count calls');

async function callsOf(stage: Stage, work: () => Promise<unknown>): Promise<number> {
  const before = stage.witness.calls?.() ?? 0;
  await work();
  return (stage.witness.calls?.() ?? 0) - before;
}

export const costClaims: readonly Claim[] = [
  {
    id: 'cost-create',
    title: 'a create costs one call and one for each relation',
    needs,
    async judge(stage) {
      const relations = stage.sample.relation ? await stage.others(2) : [];
      const desired = stage.desired(undefined, { relations });
      assert.equal(await callsOf(stage, () => stage.handler.create(desired, stage.context())), (stage.sample.madeBy ?? 1) + relations.length);
    },
  },
  {
    id: 'cost-nothing',
    title: 'an update of nothing calls nothing',
    needs,
    async judge(stage) {
      const desired = stage.desired();
      const created = await stage.create(desired);
      const nothing = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
      assert.equal(await callsOf(stage, () => stage.handler.update(desired, created, nothing, stage.context())), 0);
    },
  },
];
