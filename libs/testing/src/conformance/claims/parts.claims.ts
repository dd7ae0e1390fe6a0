import assert from 'node:assert/strict';
import { FEDERATION, INLINE_POLICIES, namedIn, partField, type Changes, type Desired, type Observed, type Part } from '@wami/provider-port';
import type { Claim } from '../claim';
import { NO_CHANGES, type Stage } from '../stage';

/** What the claims need to know of parts of a kind. */
interface Sort {
  readonly part: Part;
  readonly id: string;
  readonly one: string;
  readonly many: string;
  /** What one of this name may say: something else for each number. */
  saying(what: 1 | 2, name: string): object;
  /** The first of these in other words. */
  respelled(name: string): object;
  readonly wrong: object;
  /** A name with all that a name may hold. */
  readonly name: string;
}

const allowing = (Action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trusting = (what: number, name: string): object => ({ issuer: `https://issuer-${what}.example/a/`, subject: `repo:acme/${name}:ref:refs/heads/main` });

const SORTS: readonly Sort[] = [
  {
    part: INLINE_POLICIES, id: 'inline', one: 'an inline policy', many: 'inline policies', name: 'changes+=,.@-_',
    saying: (what) => allowing(what === 1 ? 's3:GetObject' : 's3:PutObject'),
    respelled: () => ({ Version: '2012-10-17', Statement: { Resource: ['*'], Action: ['S3:GetObject'], Effect: 'Allow' } }),
    wrong: { Version: '2012-10-17', Statement: [{ Effect: 'Perhaps', Action: 'none', Resource: 'nothing' }] },
  },
  {
    part: FEDERATION, id: 'federation', one: 'a federated credential', many: 'federated credentials', name: 'changes._~-9',
    saying: trusting, respelled: (name) => ({ ...trusting(1, name), audiences: ['api://AzureADTokenExchange'] }), wrong: { issuer: 'http://issuer.example', subject: 'anybody' },
  },
];

/** `names`: those that say the second thing are marked by a 2 before their name. */
function within(stage: Stage, sort: Sort, names: readonly string[], of?: Desired): Desired {
  const parts = Object.fromEntries(names.map((name) => (name.startsWith('2 ') ? [name.slice(2), sort.saying(2, name.slice(2))] : [name, sort.saying(1, name)])));
  return written(stage, sort, parts, of);
}

const written = (stage: Stage, { part }: Sort, parts: object, of?: Desired): Desired => ({ ...(of ?? stage.desired()), document: { ...stage.sample.document, [part]: parts } });
const looked = (stage: Stage, { part }: Sort, desired: Desired, names: readonly string[]): Promise<Observed> => stage.mustObserve(desired, { [part]: names });

/** What makes the one of the other: an empty text takes one away. */
function changesTo(stage: Stage, { part }: Sort, after: Desired, before: Desired): Changes {
  const [had, has] = [before, after].map((desired) => namedIn(part, stage.handler.shape(desired).fields));
  const gone = Object.keys(had ?? {}).filter((name) => has?.[name] === undefined).map((name) => [partField(part, name), ''] as const);
  return { ...NO_CHANGES, fields: Object.fromEntries([...gone, ...Object.entries(has ?? {}).filter(([name, text]) => had?.[name] !== text).map(([name, text]) => [partField(part, name), text] as const)]) };
}

function claimsOf(sort: Sort): readonly Claim[] {
  const { part, id, one, many } = sort;
  const appliesTo: Claim['appliesTo'] = ({ parts }) => parts?.includes(part) === true;
  return [
    {
      id,
      title: `${many} are made with it, changed and taken away, and each may be repeated`,
      appliesTo,
      async judge(stage) {
        const before = within(stage, sort, ['stays', sort.name, 'goes']);
        const created = await stage.create(before);
        stage.assertIs(created, before);
        const after = within(stage, sort, ['stays', `2 ${sort.name}`, 'comes'], before);
        stage.assertIs(await looked(stage, sort, before, ['stays', sort.name, 'goes', 'absent']), before);
        for (const time of ['once', 'again']) {
          const { observed, rejected } = await stage.handler.update(after, created, changesTo(stage, sort, after, before), stage.context());
          assert.deepEqual(rejected, [], time);
          stage.assertIs(observed, after);
          stage.assertIs(await looked(stage, sort, after, ['stays', sort.name, 'goes', 'comes']), after);
        }
      },
    },
    {
      id: `${id}-others`,
      title: `${many} of others stay, and are seen where their name is asked for`,
      appliesTo,
      async judge(stage) {
        const before = within(stage, sort, ['ours']);
        const created = await stage.create(before);
        await stage.witness.hands.embed?.(stage.sample.kind, before.name, 'theirs');
        stage.assertIs(await looked(stage, sort, before, ['ours']), before);
        const after = within(stage, sort, ['2 ours'], before);
        await stage.handler.update(after, created, changesTo(stage, sort, after, before), stage.context());
        const seen = namedIn(part, (await looked(stage, sort, after, ['ours', 'theirs'])).shape.fields);
        assert.deepEqual([Object.keys(seen).sort(), seen['ours']], [['ours', 'theirs'], stage.handler.shape(after).fields[partField(part, 'ours')]]);
      },
    },
    {
      id: `${id}-refused`,
      title: `${one} that is refused is named, and the others go through`,
      appliesTo,
      async judge(stage) {
        const desired = written(stage, sort, { first: sort.saying(1, 'first'), wrong: sort.wrong, last: sort.saying(1, 'last') });
        const { rejected } = await stage.handler.create(desired, stage.context());
        assert.deepEqual(rejected.map(({ facet, name, error }) => [facet, name, error.code]), [[part, 'wrong', 'InvalidRequest']]);
        stage.assertIs(await looked(stage, sort, desired, ['first', 'wrong', 'last']), within(stage, sort, ['first', 'last'], desired));
      },
    },
    {
      id: `${id}-listed`,
      title: `a listing tells ${many} with what they say, in whatever words`,
      appliesTo,
      async judge(stage) {
        const desired = written(stage, sort, { one: sort.respelled('one'), two: sort.saying(2, 'two') });
        await stage.create(desired);
        const listed: Observed[] = [];
        for await (const page of stage.handler.list(stage.context())) listed.push(...page.filter(({ name }) => name === desired.name));
        assert.deepEqual(listed.map(({ shape }) => namedIn(part, shape.fields)), [namedIn(part, stage.handler.shape(within(stage, sort, ['one', '2 two'], desired)).fields)]);
      },
    },
    {
      id: `${id}-delete`,
      title: `it is deleted with its ${many}, those of others among them`,
      appliesTo,
      async judge(stage) {
        const desired = within(stage, sort, ['ours']);
        const created = await stage.create(desired);
        await stage.witness.hands.embed?.(stage.sample.kind, desired.name, 'theirs');
        await stage.handler.delete(created, stage.context());
        assert.equal(await stage.observe(desired), undefined);
      },
    },
  ];
}

export const partsClaims: readonly Claim[] = SORTS.flatMap(claimsOf);
