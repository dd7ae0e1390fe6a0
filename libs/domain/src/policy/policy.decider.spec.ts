import { given } from '@wami/testing';
import type { CreatePolicy, PatchPolicy, PolicyEvent } from '@wami/contracts';
import { DomainError } from '../domain-error';
import { policyDecider, type PolicyCommand } from './policy.decider';

const ref = { id: 'pol_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'pol_1', key: 'pol_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:policy/pol_1' };
const read = { Version: '2012-10-17', Statement: [{ Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::reports/*' }] };
const write = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' } };
/** Says what `read` says. */
const respelled = { Version: '2012-10-17', Statement: { Resource: ['arn:aws:s3:::reports/*'], Action: 'S3:GetObject', Effect: 'Allow' } };

const create = (body: Partial<CreatePolicy> = {}): PolicyCommand => ({ type: 'create', ref, body: { tenant: 'acme', policyName: 'reports', document: read, ...body } });
const patch = (body: PatchPolicy): PolicyCommand => ({ type: 'patch', ref, body });
const remove: PolicyCommand = { type: 'delete', ref };

const created: PolicyEvent = {
  ...envelope, type: 'wami.policy.created.v1', data: { path: '/', tags: {} },
  personal: { policyName: 'reports', description: 'Reads reports', document: read, providerDocuments: { azure: { actions: ['*/read'] } } },
};
const updated = (personal: object, data: object = {}): PolicyEvent => ({ ...envelope, type: 'wami.policy.updated.v1', data, personal });
const deleted: PolicyEvent = { ...envelope, type: 'wami.policy.deleted.v1', data: {}, personal: {} };

const errorsOf = (command: PolicyCommand, past: readonly PolicyEvent[] = []): DomainError['errors'] => {
  try {
    policyDecider.decide(past.reduce(policyDecider.evolve, policyDecider.initialState), command);
  } catch (error) {
    if (error instanceof DomainError) return error.errors;
    throw error;
  }
  return [];
};
const versionAfter = (...events: PolicyEvent[]): number | undefined => {
  const state = events.reduce(policyDecider.evolve, policyDecider.initialState);
  return state.status === 'active' ? state.document.documentVersion : undefined;
};

describe('a policy', () => {
  it('keeps its document as it was written, and all that may name people apart', () =>
    given(policyDecider, []).when(create({ description: 'Reads reports', providerDocuments: { azure: { actions: ['*/read'] } } })).then([created]));
  it('without documents of its own for a cloud says nothing of them', () =>
    given(policyDecider, []).when(create({ providerDocuments: {} })).then([{ ...created, personal: { policyName: 'reports', description: undefined, document: read } } as PolicyEvent]));
  it('cannot be created twice', () => given(policyDecider, [created]).when(create()).thenThrows('ValidationFailed'));
  it('that was never created cannot be changed or deleted', () => {
    given(policyDecider, []).when(patch({ document: write })).thenThrows('NotFound');
    given(policyDecider, []).when(remove).thenThrows('NotFound');
  });
  it('can be deleted, and is gone then', () => {
    given(policyDecider, [created]).when(remove).then([deleted]);
    given(policyDecider, [created, deleted]).when(patch({ document: write })).thenThrows('NotFound');
  });
});

describe('a document', () => {
  it('that breaks the grammar is refused with every error and its place in the body', () => {
    const broken = { Version: '2012-10-17', Statement: [{ Effect: 'allow', Action: 's3:GetObject', Resource: '*' }, { Effect: 'Deny', Action: 'nonsense', Resource: '*' }] };
    expect(errorsOf(create({ document: broken }))).toEqual([
      { pointer: '/document/Statement/0/Effect', code: 'InvalidEffect', detail: 'Effect is Allow or Deny, spelled so.' },
      expect.objectContaining({ pointer: '/document/Statement/1/Action', code: 'InvalidAction' }),
    ]);
  });
  it('names no principal', () =>
    expect(errorsOf(create({ document: { ...read, Statement: [{ ...read.Statement[0], Principal: '*' }] } }))).toMatchObject([{ pointer: '/document/Statement/0/Principal' }]));
  it('that is larger than any cloud takes is refused unread', () => {
    const Action = Array.from({ length: 500 }, (_, i) => `s3:Action${i}`);
    expect(errorsOf(create({ document: { Statement: [{ Effect: 'Allow', Action, Resource: 7 }] } }))).toMatchObject([{ pointer: '/document', code: 'PolicyTooLarge' }]);
  });
  it('for AWS is checked like the other; for the others only its size is', () => {
    expect(errorsOf(create({ providerDocuments: { aws: { Statement: [] }, gcp: { anything: [] } } }))).toMatchObject([{ pointer: '/providerDocuments/aws/Statement', code: 'EmptyList' }]);
    expect(errorsOf(create({ providerDocuments: { gcp: { permissions: ['x'.repeat(70_000)] } } }))).toMatchObject([{ pointer: '/providerDocuments/gcp', code: 'PolicyTooLarge' }]);
  });
});

describe('a patch of a policy', () => {
  it('whose document means the same as before changes nothing', () => given(policyDecider, [created]).when(patch({ document: respelled })).thenNothing());
  it('replaces the document as a whole', () => given(policyDecider, [created]).when(patch({ document: write })).then([updated({ document: write })]));
  it('is refused where the new document is wrong, whatever else it says', () =>
    expect(errorsOf(patch({ policyName: 'x', document: { Statement: [] } }), [created])).toMatchObject([{ pointer: '/document/Statement' }]));
  it('merges the documents for clouds, null takes one away, and all of them', () => {
    given(policyDecider, [created]).when(patch({ providerDocuments: { gcp: { a: 1 } } }))
      .then([updated({ providerDocuments: { azure: { actions: ['*/read'] }, gcp: { a: 1 } } })]);
    given(policyDecider, [created]).when(patch({ providerDocuments: { azure: null } })).then([updated({ providerDocuments: null })]);
    given(policyDecider, [created]).when(patch({ providerDocuments: null })).then([updated({ providerDocuments: null })]);
    given(policyDecider, [created]).when(patch({ providerDocuments: { azure: { actions: ['*/read'] }, gcp: null } })).thenNothing();
  });
  it('renames, moves, tags and describes', () =>
    given(policyDecider, [created]).when(patch({ policyName: 'all', path: '/x/', tags: { a: '1' }, description: null })).then([
      { ...envelope, type: 'wami.policy.renamed.v1', data: {}, personal: { policyName: 'all', previousPolicyName: 'reports' } },
      updated({ description: null }, { path: '/x/', tags: { a: '1' } }),
    ]));
  it('cannot give it more tags than there is room for', () => {
    const some = (from: number): Record<string, string> => Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${from + i}`, '']));
    given(policyDecider, [created, updated({}, { tags: some(0) })]).when(patch({ tags: some(20) })).thenThrows('ValidationFailed');
    given(policyDecider, [created, updated({}, { tags: some(0) })]).when(patch({ tags: some(0) })).thenNothing();
  });
});

describe('the version of a document', () => {
  it('begins at 1 and counts the changes of documents only', () => {
    const renamed: PolicyEvent = { ...envelope, type: 'wami.policy.renamed.v1', data: {}, personal: { policyName: 'all', previousPolicyName: 'reports' } };
    expect(versionAfter(created)).toBe(1);
    expect(versionAfter(created, renamed, updated({ description: 'x' }))).toBe(1);
    expect(versionAfter(created, updated({ document: write }), updated({ providerDocuments: null }))).toBe(3);
  });
});
