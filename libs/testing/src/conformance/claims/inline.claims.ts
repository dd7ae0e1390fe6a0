import assert from 'node:assert/strict';
import { INLINE_POLICIES, inlineField, inlineIn, type Changes, type Desired, type Observed } from '@wami/provider-port';
import type { Claim } from '../claim';
import { NO_CHANGES, type Stage } from '../stage';

const appliesTo: Claim['appliesTo'] = ({ inline }) => inline === true;

const saying = (Action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const [READ, WRITE, LIST] = [saying('s3:GetObject'), saying('s3:PutObject'), saying('s3:ListBucket')];

const within = (stage: Stage, inlinePolicies: object, of?: Desired): Desired => ({ ...(of ?? stage.desired()), document: { ...stage.sample.document, inlinePolicies } });
const looked = (stage: Stage, desired: Desired, inlinePolicies: readonly string[]): Promise<Observed> => stage.mustObserve(desired, { inlinePolicies });

/** What makes the one of the other: an empty text takes one away. */
function changesTo(stage: Stage, after: Desired, before: Desired): Changes {
  const [had, has] = [before, after].map((desired) => inlineIn(stage.handler.shape(desired).fields));
  const gone = Object.keys(had ?? {}).filter((name) => has?.[name] === undefined).map((name) => [inlineField(name), ''] as const);
  return { ...NO_CHANGES, fields: Object.fromEntries([...gone, ...Object.entries(has ?? {}).filter(([name, text]) => had?.[name] !== text).map(([name, text]) => [inlineField(name), text] as const)]) };
}

export const inlineClaims: readonly Claim[] = [
  {
    id: 'inline',
    title: 'inline policies are made with it, changed and taken away, and each may be repeated',
    appliesTo,
    async judge(stage) {
      const before = within(stage, { stays: READ, 'changes+=,.@-_': READ, goes: LIST });
      const created = await stage.create(before);
      stage.assertIs(created, before);
      const after = within(stage, { stays: READ, 'changes+=,.@-_': WRITE, comes: LIST }, before);
      stage.assertIs(await looked(stage, before, ['stays', 'changes+=,.@-_', 'goes', 'absent']), before);
      for (const time of ['once', 'again']) {
        const { observed, rejected } = await stage.handler.update(after, created, changesTo(stage, after, before), stage.context());
        assert.deepEqual(rejected, [], time);
        stage.assertIs(observed, after);
        stage.assertIs(await looked(stage, after, ['stays', 'changes+=,.@-_', 'goes', 'comes']), after);
      }
    },
  },
  {
    id: 'inline-others',
    title: 'inline policies of others stay, and are seen where their name is asked for',
    appliesTo,
    async judge(stage) {
      const before = within(stage, { ours: READ });
      const created = await stage.create(before);
      await stage.witness.hands.embed?.(stage.sample.kind, before.name, 'theirs');
      stage.assertIs(await looked(stage, before, ['ours']), before);
      const after = within(stage, { ours: WRITE }, before);
      await stage.handler.update(after, created, changesTo(stage, after, before), stage.context());
      const seen = inlineIn((await looked(stage, after, ['ours', 'theirs'])).shape.fields);
      assert.deepEqual([Object.keys(seen).sort(), seen['ours']], [['ours', 'theirs'], stage.handler.shape(after).fields[inlineField('ours')]]);
    },
  },
  {
    id: 'inline-refused',
    title: 'an inline policy that is refused is named, and the others go through',
    appliesTo,
    async judge(stage) {
      const desired = within(stage, { first: READ, wrong: { Version: '2012-10-17', Statement: [{ Effect: 'Perhaps', Action: 'none', Resource: 'nothing' }] }, last: LIST });
      const { rejected } = await stage.handler.create(desired, stage.context());
      assert.deepEqual(rejected.map(({ facet, name, error }) => [facet, name, error.code]), [[INLINE_POLICIES, 'wrong', 'InvalidRequest']]);
      const held = within(stage, { first: READ, last: LIST }, desired);
      stage.assertIs(await looked(stage, desired, ['first', 'wrong', 'last']), held);
    },
  },
  {
    id: 'inline-listed',
    title: 'a listing tells inline policies with what they say, in whatever words',
    appliesTo,
    async judge(stage) {
      const desired = within(stage, { one: { ...READ, Statement: { Resource: ['*'], Action: ['S3:GetObject'], Effect: 'Allow' } }, two: LIST });
      await stage.create(desired);
      const listed: Observed[] = [];
      for await (const page of stage.handler.list(stage.context())) listed.push(...page.filter(({ name }) => name === desired.name));
      const same = within(stage, { one: READ, two: LIST }, desired);
      assert.deepEqual(listed.map(({ shape }) => inlineIn(shape.fields)), [inlineIn(stage.handler.shape(same).fields)]);
    },
  },
  {
    id: 'inline-delete',
    title: 'it is deleted with its inline policies, those of others among them',
    appliesTo,
    async judge(stage) {
      const desired = within(stage, { ours: READ });
      const created = await stage.create(desired);
      await stage.witness.hands.embed?.(stage.sample.kind, desired.name, 'theirs');
      await stage.handler.delete(created, stage.context());
      assert.equal(await stage.observe(desired), undefined);
    },
  },
];
