import { given } from '@wami/testing';
import type { CreateGroup, GroupEvent, PatchGroup } from '@wami/contracts';
import { groupDecider, type GroupCommand } from './group.decider';

const ref = { id: 'grp_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'grp_1', key: 'grp_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:group/grp_1' };

const create = (body: Partial<CreateGroup> = {}): GroupCommand => ({
  type: 'create',
  ref,
  body: { tenant: 'acme', groupName: 'core', ...body },
});
const patch = (body: PatchGroup): GroupCommand => ({ type: 'patch', ref, body });
const remove: GroupCommand = { type: 'delete', ref };

const created: GroupEvent = {
  ...envelope,
  type: 'wami.group.created.v1',
  data: { tags: { site: 'north' } },
  personal: { groupName: 'core', displayName: 'Core' },
};
const updated = (data: object, personal: object = {}): GroupEvent => ({ ...envelope, type: 'wami.group.updated.v1', data, personal });
const renamed = (groupName: string, previousGroupName: string): GroupEvent => ({
  ...envelope,
  type: 'wami.group.renamed.v1',
  data: {},
  personal: { groupName, previousGroupName },
});
const deleted: GroupEvent = { ...envelope, type: 'wami.group.deleted.v1', data: {}, personal: {} };

describe('a group', () => {
  it('starts without tags where nothing is said', () =>
    given(groupDecider, [])
      .when(create())
      .then([{ ...envelope, type: 'wami.group.created.v1', data: { tags: {} }, personal: { groupName: 'core' } }]));
  it('keeps its names apart from the rest', () =>
    given(groupDecider, [])
      .when(create({ tags: { site: 'north' }, displayName: 'Core' }))
      .then([created]));
  it('cannot be created twice', () => given(groupDecider, [created]).when(create()).thenThrows('ValidationFailed'));
  it('cannot be created again under the id of a deleted one', () =>
    given(groupDecider, [created, deleted]).when(create()).thenThrows('ValidationFailed'));
  it('that was never created cannot be changed', () =>
    given(groupDecider, [])
      .when(patch({ groupName: 'x' }))
      .thenThrows('NotFound'));
  it('that was deleted cannot be changed', () =>
    given(groupDecider, [created, deleted])
      .when(patch({ groupName: 'x' }))
      .thenThrows('NotFound'));
  it('that was deleted cannot be deleted again', () => given(groupDecider, [created, deleted]).when(remove).thenThrows('NotFound'));
  it('can be deleted', () => given(groupDecider, [created]).when(remove).then([deleted]));
});

describe('a patch of a group', () => {
  it('renames, and tells the old name', () =>
    given(groupDecider, [created])
      .when(patch({ groupName: 'edge' }))
      .then([renamed('edge', 'core')]));
  it('of nothing new changes nothing', () =>
    given(groupDecider, [created])
      .when(patch({ groupName: 'core', displayName: 'Core', tags: { site: 'north' } }))
      .thenNothing());
  it('merges tags key by key', () =>
    given(groupDecider, [created])
      .when(patch({ tags: { site: null, cost: '1' } }))
      .then([updated({ tags: { cost: '1' } })]));
  it('by null takes the display name away', () =>
    given(groupDecider, [created])
      .when(patch({ displayName: null }))
      .then([updated({}, { displayName: null })]));
  it('narrows the providers', () =>
    given(groupDecider, [created])
      .when(patch({ syncToProviders: ['aws/1'] }))
      .then([updated({ syncToProviders: ['aws/1'] })]));
  it('sees what earlier patches did', () =>
    given(groupDecider, [created, renamed('edge', 'core'), updated({ tags: {} }, { displayName: null })])
      .when(patch({ groupName: 'core', displayName: null, tags: {} }))
      .then([renamed('core', 'edge')]));
});
