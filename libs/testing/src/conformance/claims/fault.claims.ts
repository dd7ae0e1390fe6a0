import assert from 'node:assert/strict';
import { isProviderError, type Applied, type Desired } from '@wami/provider-port';
import { eventually } from '../../eventually';
import type { Claim } from '../claim';
import { NO_CHANGES, type Stage } from '../stage';
import type { Fault, Misbehaviour } from '../witness';

const TOLD: Readonly<Record<Fault | 'stale-reads', string>> = {
  throttle: 'throttle',
  error: 'fail',
  'access-denied': 'forbid a call',
  'credentials-rejected': 'reject credentials',
  'lost-request': 'lose a request',
  'lost-answer': 'lose an answer',
  timeout: 'withhold an answer',
  'stale-reads': 'answer reads late',
};
const needs =
  (what: Fault | 'stale-reads'): Claim['needs'] =>
  ({ misbehaviour }) =>
    misbehaviour?.can.includes(what) ? undefined : `it does not ${TOLD[what]} when told to`;
const STALE_MS = 300;
const IMPATIENT_MS = 300;

function misbehaviourOf(stage: Stage): Misbehaviour {
  assert.ok(stage.witness.misbehaviour);
  return stage.witness.misbehaviour;
}

/** The call that makes it goes wrong in this way: what the create ends in, and whether the thing is there. */
async function createDuring(stage: Stage, fault: Fault, timeoutMs?: number) {
  const desired = stage.desired();
  misbehaviourOf(stage).at(stage.sample.madeBy ?? 1, fault);
  const {
    code,
    retryable,
    options: { effect },
  } = await stage.refusal(stage.handler.create(desired, stage.context(timeoutMs)));
  return { desired, said: [code, effect, retryable], there: (await stage.names()).includes(desired.name) };
}

function refused(id: string, title: string, fault: Fault, expected: readonly unknown[]): Claim {
  return {
    id,
    title,
    needs: needs(fault),
    async judge(stage) {
      const { said, there } = await createDuring(stage, fault);
      assert.deepEqual([...said, there], [...expected, false]);
    },
  };
}

async function orUnknown(call: Promise<Applied>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isProviderError(error) || error.options.effect !== 'unknown') throw error;
  }
}

/** Looks, and does what is missing, as an engine would after an unclear answer. */
async function finish(stage: Stage, desired: Desired): Promise<void> {
  const facet = stage.sample.relation?.facet ?? '';
  const found = await stage.mustObserve(desired);
  assert.equal(found.mark?.id, desired.mark.id);
  const missing = (desired.facets[facet] ?? []).filter((name) => !found.shape.facets[facet]?.includes(name));
  const { rejected } = await stage.handler.update(desired, found, { ...NO_CHANGES, addTo: { [facet]: missing } }, stage.context());
  assert.deepEqual(rejected, []);
}

export const faultClaims: readonly Claim[] = [
  refused('throttled', 'a throttled call is Throttled, and nothing has happened', 'throttle', ['Throttled', 'none', true]),
  refused('access-denied', 'a forbidden call is AccessDenied, and nothing has happened', 'access-denied', ['AccessDenied', 'none', false]),
  refused('rejected-credentials', 'rejected credentials are AuthExpired, and nothing has happened', 'credentials-rejected', [
    'AuthExpired',
    'none',
    true,
  ]),
  refused('service-error', 'an error of the service is Unavailable, and it is not known what happened', 'error', [
    'Unavailable',
    'unknown',
    true,
  ]),
  {
    id: 'lost-answer',
    title: 'a create whose answer was lost is not known to have happened, and a look finds it with our mark',
    needs: needs('lost-answer'),
    async judge(stage) {
      const { desired, said, there } = await createDuring(stage, 'lost-answer');
      assert.deepEqual([...said, there], ['NetworkError', 'unknown', true, true]);
      stage.assertIs(await stage.mustObserve(desired), desired);
      assert.equal((await stage.refusal(stage.handler.create(desired, stage.context()))).code, 'AlreadyExists');
    },
  },
  {
    id: 'no-answer',
    title: 'a create without an answer ends in time with Timeout, and a look finds it',
    needs: needs('timeout'),
    async judge(stage) {
      const { desired, said, there } = await createDuring(stage, 'timeout', IMPATIENT_MS);
      assert.deepEqual([...said, there], ['Timeout', 'unknown', true, true]);
      stage.assertIs(await stage.mustObserve(desired), desired);
    },
  },
  {
    id: 'lost-rename',
    title: 'a rename whose answer was lost is found under its new name',
    needs: needs('lost-answer'),
    appliesTo: ({ rename }) => rename,
    async judge(stage) {
      const before = stage.desired();
      const created = await stage.create(before);
      const after = { ...before, name: stage.name() };
      misbehaviourOf(stage).at(stage.sample.renamedBy ?? 1, 'lost-answer');
      const rename = stage.handler.update(after, created, { ...NO_CHANGES, fields: { name: after.name } }, stage.context());
      assert.equal((await stage.refusal(rename)).options.effect, 'unknown');
      const { providerResourceId } = created;
      const found = await stage.mustObserve(after, { names: [before.name, after.name], providerResourceId });
      stage.assertIs(found, after);
      assert.equal(found.providerResourceId, providerResourceId);
    },
  },
  {
    id: 'lost-rename.mended',
    title: 'after a rename whose answer was lost it is known by its lasting id, and gets back the mark and tags that it may have lost',
    needs: needs('lost-answer'),
    appliesTo: ({ adoptable, rename }) => adoptable && rename,
    async judge(stage) {
      const before = stage.desired();
      const created = await stage.create(before);
      const after = { ...before, name: stage.name() };
      misbehaviourOf(stage).at(stage.sample.renamedBy ?? 1, 'lost-answer');
      const { options } = await stage.refusal(
        stage.handler.update(after, created, { ...NO_CHANGES, fields: { name: after.name } }, stage.context()),
      );
      assert.equal(options.effect, 'unknown');
      const known = { names: [before.name, after.name], providerResourceId: created.providerResourceId };
      const found = await stage.mustObserve(after, known);
      assert.equal(found.providerResourceId, created.providerResourceId);
      const setTags = stage.handler.shape(after).tags;
      await stage.handler.update(after, found, { ...NO_CHANGES, setTags, adopt: true }, stage.context());
      stage.assertIs(await stage.mustObserve(after, known), after);
    },
  },
  {
    id: 'any-lost-answer',
    title: 'whichever answer of a create with relations is lost, a look and the rest lead to the same end',
    needs: needs('lost-answer'),
    appliesTo: ({ relation }) => relation !== undefined,
    perRelation: true,
    async judge(stage) {
      const { madeBy = 1 } = stage.sample;
      for (const call of [madeBy, madeBy + 1, madeBy + 2]) {
        const desired = stage.desired(undefined, { relations: await stage.others(2) });
        misbehaviourOf(stage).at(call, 'lost-answer');
        await orUnknown(stage.handler.create(desired, stage.context()));
        await finish(stage, desired);
        stage.assertIs(await stage.mustObserve(desired), desired);
      }
    },
  },
  {
    id: 'throttled-relation',
    title: 'a throttled relation is named with those that were not tried, and the thing itself stands',
    needs: needs('throttle'),
    appliesTo: ({ relation }) => relation !== undefined,
    perRelation: true,
    async judge(stage) {
      const others = await stage.others(2);
      const desired = stage.desired(undefined, { relations: others });
      misbehaviourOf(stage).at((stage.sample.madeBy ?? 1) + 1, 'throttle');
      const { rejected } = await stage.handler.create(desired, stage.context());
      assert.deepEqual(
        rejected.map(({ name, error }) => [name, error.code, error.options.effect]),
        others.map((name) => [name, 'Throttled', 'none']),
      );
      stage.assertIs(await stage.mustObserve(desired), { ...desired, facets: {} });
    },
  },
  {
    id: 'stale-reads',
    title: 'what is not visible yet is absent without an error, and seen later',
    needs: needs('stale-reads'),
    async judge(stage) {
      const desired = stage.desired();
      misbehaviourOf(stage).staleReads(STALE_MS);
      const created = await stage.create(desired);
      assert.equal(created.mark?.id, desired.mark.id);
      const first = await stage.observe(desired);
      assert.ok(first === undefined || first.mark?.id === desired.mark.id);
      // What a provider keeps in two parts may be seen part by part.
      await eventually(async () => stage.assertIs(await stage.mustObserve(desired), desired), { describe: 'it becomes visible' });
    },
  },
];
