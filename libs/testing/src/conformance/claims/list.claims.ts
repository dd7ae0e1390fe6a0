import assert from 'node:assert/strict';
import type { Observed } from '@wami/provider-port';
import type { Claim } from '../claim';
import type { Stage } from '../stage';

const MORE_THAN_TWO_PAGES = 25;

async function pages(stage: Stage): Promise<(readonly Observed[])[]> {
  const all: (readonly Observed[])[] = [];
  for await (const page of stage.handler.list(stage.context())) all.push(page);
  return all;
}

export const listClaims: readonly Claim[] = [
  {
    id: 'list',
    title: 'a listing shows each thing as a single look does, strangers among them',
    perRelation: true,
    async judge(stage) {
      const relations = stage.sample.relation ? await stage.others(2) : [];
      const ours = [stage.desired(undefined, { relations }), stage.desired(), stage.desired()];
      for (const desired of ours) await stage.create(desired);
      const stranger = stage.name();
      await stage.witness.hands.create(stage.sample.kind, stranger);
      const listed = new Map((await pages(stage)).flat().map((observed) => [observed.name, observed]));
      for (const desired of ours) {
        const [inList, alone] = [listed.get(desired.name), await stage.mustObserve(desired)];
        assert.deepEqual(
          [inList?.shape, inList?.providerResourceId, inList?.nativeArn],
          [alone.shape, alone.providerResourceId, alone.nativeArn],
        );
        assert.deepEqual(
          [inList?.mark?.id, inList?.mark?.tenant, inList?.facetsRead],
          [desired.mark.id, desired.mark.tenant, stage.handler.facets],
        );
      }
      assert.equal(listed.has(stranger), stage.sample.listsOwnOnly !== true);
      assert.equal(listed.get(stranger)?.mark, undefined);
    },
  },
  {
    id: 'second-page',
    title: 'a listing of several pages holds each thing once',
    appliesTo: ({ unpaged }) => unpaged !== true,
    async judge(stage) {
      const names = Array.from({ length: MORE_THAN_TWO_PAGES }, () => stage.name());
      for (const name of names) await stage.create(stage.desired(name));
      const read = await pages(stage);
      assert.ok(read.length > 2, `the witness answers in pages (${read.length})`);
      const listed = read.flat().map(({ name }) => name);
      assert.equal(new Set(listed).size, listed.length);
      assert.deepEqual(
        names.filter((name) => !listed.includes(name)),
        [],
      );
    },
  },
];
