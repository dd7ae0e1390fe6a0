import { given } from '@wami/testing';
import type { CreateUser, PatchUser, SubjectEvent, UserEvent } from '@wami/contracts';
import { userDecider, type UserCommand } from './user.decider';

const ref = { id: 'usr_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'usr_1', key: 'usr_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:user/usr_1' };

const create = (body: Partial<CreateUser> = {}): UserCommand => ({
  type: 'create',
  ref,
  body: { tenant: 'acme', userName: 'ann', ...body },
});
const patch = (body: PatchUser): UserCommand => ({ type: 'patch', ref, body });
const remove: UserCommand = { type: 'delete', ref };

const created: UserEvent = {
  ...envelope,
  type: 'wami.user.created.v1',
  data: { path: '/staff/', tags: { team: 'core' } },
  personal: { userName: 'ann', displayName: 'Ann', email: 'ann@acme.test' },
};
const updated = (data: object, personal: object = {}): UserEvent => ({ ...envelope, type: 'wami.user.updated.v1', data, personal });
const renamed = (userName: string, previousUserName: string): UserEvent => ({
  ...envelope,
  type: 'wami.user.renamed.v1',
  data: {},
  personal: { userName, previousUserName },
});
const deleted: UserEvent = { ...envelope, type: 'wami.user.deleted.v1', data: {}, personal: {} };
const erase: UserCommand = { type: 'erase', ref };
const erased: SubjectEvent = { ...envelope, type: 'wami.subject.erased.v1', data: { kind: 'user' }, personal: {} };

describe('a user', () => {
  it('starts at the root path without tags where nothing is said', () =>
    given(userDecider, [])
      .when(create())
      .then([{ ...envelope, type: 'wami.user.created.v1', data: { path: '/', tags: {} }, personal: { userName: 'ann' } }]));

  it('keeps what is personal apart from the rest', () =>
    given(userDecider, [])
      .when(create({ path: '/staff/', tags: { team: 'core' }, displayName: 'Ann', email: 'ann@acme.test' }))
      .then([created]));

  it('may be meant for some providers only', () =>
    given(userDecider, [])
      .when(create({ syncToProviders: ['aws'] }))
      .then([
        {
          ...envelope,
          type: 'wami.user.created.v1',
          data: { path: '/', tags: {}, syncToProviders: ['aws'] },
          personal: { userName: 'ann' },
        },
      ]));

  it('cannot be created twice', () => given(userDecider, [created]).when(create()).thenThrows('ValidationFailed'));
  it('cannot be created again under the id of a deleted one', () =>
    given(userDecider, [created, deleted]).when(create()).thenThrows('ValidationFailed'));
  it('that was never created cannot be changed', () =>
    given(userDecider, [])
      .when(patch({ userName: 'anna' }))
      .thenThrows('NotFound'));
  it('that was never created cannot be deleted', () => given(userDecider, []).when(remove).thenThrows('NotFound'));
  it('that was deleted cannot be changed', () =>
    given(userDecider, [created, deleted])
      .when(patch({ path: '/x/' }))
      .thenThrows('NotFound'));
  it('that was deleted cannot be deleted again', () => given(userDecider, [created, deleted]).when(remove).thenThrows('NotFound'));
  it('can be deleted', () => given(userDecider, [created]).when(remove).then([deleted]));
});

describe('a patch of a user', () => {
  it('renames, and tells the old name', () =>
    given(userDecider, [created])
      .when(patch({ userName: 'anna' }))
      .then([renamed('anna', 'ann')]));
  it('renames from the name it has now', () =>
    given(userDecider, [created, renamed('anna', 'ann')])
      .when(patch({ userName: 'annie' }))
      .then([renamed('annie', 'anna')]));
  it('tells only what changes', () =>
    given(userDecider, [created])
      .when(patch({ path: '/moved/', displayName: 'Ann' }))
      .then([updated({ path: '/moved/' })]));
  it('of nothing new changes nothing', () =>
    given(userDecider, [created])
      .when(patch({ userName: 'ann', path: '/staff/', tags: { team: 'core' }, displayName: 'Ann', email: 'ann@acme.test' }))
      .thenNothing());
  it('can rename and change at once', () =>
    given(userDecider, [created])
      .when(patch({ userName: 'anna', email: 'anna@acme.test' }))
      .then([renamed('anna', 'ann'), updated({}, { email: 'anna@acme.test' })]));

  it('merges tags key by key', () =>
    given(userDecider, [created])
      .when(patch({ tags: { site: 'north' } }))
      .then([updated({ tags: { team: 'core', site: 'north' } })]));
  it('takes a tag away by null', () =>
    given(userDecider, [created])
      .when(patch({ tags: { team: null } }))
      .then([updated({ tags: {} })]));
  it('empties the tags by null', () =>
    given(userDecider, [created])
      .when(patch({ tags: null }))
      .then([updated({ tags: {} })]));
  it('that takes away a tag which is not there changes nothing', () =>
    given(userDecider, [created])
      .when(patch({ tags: { other: null } }))
      .thenNothing());

  it('by null puts the path back to the root', () =>
    given(userDecider, [created])
      .when(patch({ path: null }))
      .then([updated({ path: '/' })]));
  it('by null takes display name and mail address away', () =>
    given(userDecider, [created])
      .when(patch({ displayName: null, email: null }))
      .then([updated({}, { displayName: null, email: null })]));
  it('does not take away what is gone already', () =>
    given(userDecider, [created, updated({}, { email: null })])
      .when(patch({ email: null }))
      .thenNothing());

  it('narrows the providers, and by null widens them again', () => {
    given(userDecider, [created])
      .when(patch({ syncToProviders: ['aws'] }))
      .then([updated({ syncToProviders: ['aws'] })]);
    given(userDecider, [created, updated({ syncToProviders: ['aws'] })])
      .when(patch({ syncToProviders: null }))
      .then([updated({ syncToProviders: null })]);
    given(userDecider, [created])
      .when(patch({ syncToProviders: null }))
      .thenNothing();
  });

  it('sets a permissions boundary by id or ARN, and by null takes it away', () => {
    const POLICY = 'pol_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';
    const arn = `arn:wami:iam:acme:wami:local:policy/${POLICY}`;
    given(userDecider, [created])
      .when(patch({ permissionsBoundary: arn }))
      .then([updated({ permissionsBoundary: POLICY })]);
    given(userDecider, [created, updated({ permissionsBoundary: POLICY })])
      .when(patch({ permissionsBoundary: arn }))
      .thenNothing();
    given(userDecider, [created, updated({ permissionsBoundary: POLICY })])
      .when(patch({ permissionsBoundary: null }))
      .then([updated({ permissionsBoundary: null })]);
  });
});

describe('erasing a user', () => {
  it('deletes and says that the subject is to be forgotten', () => given(userDecider, [created]).when(erase).then([deleted, erased]));
  it('who was deleted before only says that', () => given(userDecider, [created, deleted]).when(erase).then([erased]));
  it('a second time does nothing', () => given(userDecider, [created, deleted, erased]).when(erase).thenNothing());
  it('who never was is refused', () => given(userDecider, []).when(erase).thenThrows('NotFound'));
  it('leaves nobody to change or to delete', () => {
    given(userDecider, [created, deleted, erased]).when(remove).thenThrows('NotFound');
    given(userDecider, [created, deleted, erased]).when(patch({ displayName: 'Ann' })).thenThrows('NotFound');
  });
});
