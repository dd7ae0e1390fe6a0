import { given } from '@wami/testing';
import type { PatchTenant, SyncConfigPatch, TenantEvent } from '@wami/contracts';
import { tenantDecider, type TenantCommand } from './tenant.decider';

const base = { ref: { id: 'ten_1', tenant: 'acme/lab', instance: 'local' }, rootId: 'ten_0' };
const envelope = {
  stream: 'ten_1',
  key: 'ten_0',
  tenant: 'acme/lab',
  subject: 'arn:wami:iam:acme/lab:wami:local:tenant/ten_1',
  personal: {},
};
const aws = { provider: 'aws', account: '000000000001' };

const create: TenantCommand = { ...base, type: 'create', body: { id: 'acme/lab', name: 'Lab' } };
const patch = (body: PatchTenant): TenantCommand => ({ ...base, type: 'patch', body });
const configure = (config: SyncConfigPatch): TenantCommand => ({ ...base, type: 'configure-sync', config });
const requestDeletion: TenantCommand = { ...base, type: 'request-deletion', job: 'job_1' };
const remove: TenantCommand = { ...base, type: 'delete' };

const created: TenantEvent = {
  ...envelope,
  type: 'wami.tenant.created.v1',
  data: { tenantId: 'ten_1', path: 'acme/lab', name: 'Lab', providerAccounts: [], quotas: {}, metadata: {} },
};
const updated = (data: object): TenantEvent => ({ ...envelope, type: 'wami.tenant.updated.v1', data });
const configured = (config: SyncConfigPatch): TenantEvent => ({ ...envelope, type: 'wami.tenant.sync-configured.v2', data: { config } });
const deletionRequested: TenantEvent = { ...envelope, type: 'wami.tenant.deletion-requested.v1', data: { job: 'job_1' } };
const deleted: TenantEvent = { ...envelope, type: 'wami.tenant.deleted.v1', data: {} };

describe('a tenant', () => {
  it('is created in order with its whole tree', () => given(tenantDecider, []).when(create).then([created]));
  it('cannot be created twice', () => given(tenantDecider, [created]).when(create).thenThrows('ValidationFailed'));
  it('cannot be created again under the id of a deleted one', () =>
    given(tenantDecider, [created, deleted]).when(create).thenThrows('ValidationFailed'));
  it('knows its parent by its path', () =>
    expect(tenantDecider.evolve(tenantDecider.initialState, created)).toMatchObject({ document: { parent: 'acme' } }));
  it.each([patch({ name: 'x' }), configure({}), requestDeletion, remove])('that was never created refuses $type', (command) =>
    given(tenantDecider, []).when(command).thenThrows('NotFound'),
  );
  it.each([patch({ name: 'x' }), configure({}), requestDeletion, remove])('that was deleted refuses $type', (command) =>
    given(tenantDecider, [created, deleted]).when(command).thenThrows('NotFound'),
  );
});

describe('a patch of a tenant', () => {
  it('tells only what changes', () =>
    given(tenantDecider, [created])
      .when(patch({ name: 'Lab 2', quotas: {} }))
      .then([updated({ name: 'Lab 2' })]));
  it('of nothing new changes nothing', () =>
    given(tenantDecider, [created])
      .when(patch({ name: 'Lab', providerAccounts: [], metadata: {} }))
      .thenNothing());
  it('replaces accounts and quotas, and merges metadata', () =>
    given(tenantDecider, [created, updated({ metadata: { a: '1', b: '2' }, quotas: { user: 5 } })])
      .when(patch({ providerAccounts: [aws], quotas: { group: 1 }, metadata: { a: null, c: '3' } }))
      .then([updated({ providerAccounts: [aws], quotas: { group: 1 }, metadata: { b: '2', c: '3' } })]));
  it('by null empties', () =>
    given(tenantDecider, [created, updated({ metadata: { a: '1' }, providerAccounts: [aws] })])
      .when(patch({ metadata: null, providerAccounts: null }))
      .then([updated({ providerAccounts: [], metadata: {} })]));
});

describe("a tenant's sync settings", () => {
  it('are replaced as a whole', () =>
    given(tenantDecider, [created, configured({ direction: 'push' })])
      .when(configure({ providers: [aws] }))
      .then([configured({ providers: [aws] })]));
  it('that say the same, in whatever order, change nothing', () =>
    given(tenantDecider, [created, configured({ providers: [aws], direction: 'push' })])
      .when(configure({ direction: 'push', providers: [{ account: '000000000001', provider: 'aws' }] }))
      .thenNothing());
  it('that name no provider are not the same as none at all', () =>
    given(tenantDecider, [created])
      .when(configure({ providers: [] }))
      .then([configured({ providers: [] })]));
});

describe('a tenant that is being deleted', () => {
  it('is asked for once', () => {
    given(tenantDecider, [created]).when(requestDeletion).then([deletionRequested]);
    given(tenantDecider, [created, deletionRequested]).when(requestDeletion).thenNothing();
  });
  it.each([patch({ name: 'x' }), configure({ providers: [] })])('takes in nothing new: $type', (command) =>
    given(tenantDecider, [created, deletionRequested]).when(command).thenThrows('TenantDeleting'),
  );
  it('goes in the end', () => given(tenantDecider, [created, deletionRequested]).when(remove).then([deleted]));
  it('can also go at once', () => given(tenantDecider, [created]).when(remove).then([deleted]));
});
