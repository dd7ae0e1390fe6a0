import assert from 'node:assert/strict';
import { BOUNDARY, type Desired, type Observed } from '@wami/provider-port';
import type { Claim } from '../claim';
import { NO_CHANGES, type Stage } from '../stage';

const appliesTo: Claim['appliesTo'] = ({ boundary }) => boundary !== undefined;

interface Limit {
  readonly observed: Observed;
  readonly desired: Desired;
}

async function limit(stage: Stage): Promise<Limit> {
  const { kind, document } = stage.sample.boundary ?? { kind: '', document: {} };
  const desired = { ...stage.desired(undefined, {}, kind), document };
  return { desired, observed: await stage.create(desired, stage.handlerOf(kind)) };
}

export const boundaryClaims: readonly Claim[] = [
  {
    id: 'boundary',
    title: 'it is made within its permissions boundary, gets another one and is freed of it, and each may be repeated',
    appliesTo,
    async judge(stage) {
      const [first, second] = [await limit(stage), await limit(stage)];
      const free = stage.desired();
      const within = (arn: string): Desired => ({ ...free, boundary: arn });
      const created = await stage.create(within(first.observed.nativeArn));
      stage.assertIs(created, within(first.observed.nativeArn));
      stage.assertIs(await stage.mustObserve(free), within(first.observed.nativeArn));
      for (const after of [within(second.observed.nativeArn), free]) {
        for (const time of ['once', 'again']) {
          const changes = { ...NO_CHANGES, fields: { [BOUNDARY]: after.boundary ?? '' } };
          const { observed, rejected } = await stage.handler.update(after, created, changes, stage.context());
          assert.deepEqual(rejected, [], time);
          stage.assertIs(observed, after);
          stage.assertIs(await stage.mustObserve(free), after);
        }
      }
    },
  },
  {
    id: 'boundary-absent',
    title: 'nothing is made without the permissions boundary that it is to have',
    appliesTo,
    async judge(stage) {
      const { observed, desired } = await limit(stage);
      await stage.handlerOf(desired.mark.kind).delete(observed, stage.context());
      const wanted = { ...stage.desired(), boundary: observed.nativeArn };
      assert.equal((await stage.refusal(stage.handler.create(wanted, stage.context()))).code, 'NotFound');
      assert.equal(await stage.observe(wanted), undefined);
    },
  },
  {
    id: 'boundary-listed',
    title: 'a listing tells the permissions boundary',
    appliesTo,
    async judge(stage) {
      const { observed } = await limit(stage);
      const desired = { ...stage.desired(), boundary: observed.nativeArn };
      await stage.create(desired);
      const listed: Observed[] = [];
      for await (const page of stage.handler.list(stage.context())) listed.push(...page.filter(({ name }) => name === desired.name));
      assert.deepEqual(listed.map(({ shape }) => shape.fields[BOUNDARY]), [desired.boundary]);
    },
  },
  {
    id: 'boundary-delete',
    title: 'what limits it is not deleted before it is freed: the refusal is a Conflict and both stay as they are',
    appliesTo,
    async judge(stage) {
      const { observed, desired } = await limit(stage);
      const handler = stage.handlerOf(desired.mark.kind);
      const wanted = { ...stage.desired(), boundary: observed.nativeArn };
      const created = await stage.create(wanted);
      assert.equal((await stage.refusal(handler.delete(observed, stage.context()))).code, 'Conflict');
      stage.assertIs(await stage.mustObserve(wanted), wanted);
      await stage.handler.delete(created, stage.context());
      await handler.delete(observed, stage.context());
      assert.equal(await handler.observe({ mark: desired.mark, names: [desired.name] }, [], stage.context()), undefined);
    },
  },
];
