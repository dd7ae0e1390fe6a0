import type { Connection, Desired } from '@wami/provider-port';
import { createAzureAdapter } from './azure.adapter';
import { domainOf } from './tenant';
import { azureSettings } from './azure.config';
import { assignmentName } from './attachments';

const TENANT = '11111111-2222-4333-8444-555555555555';
const connection: Connection = { provider: 'azure', account: TENANT, credentials: { type: 'default' } };
const SUBSCRIPTION = '/subscriptions/sub-1';
const GROUP = '/providers/Microsoft.Management/managementGroups/platform';
const target = (account = `${TENANT}:sub-1`) => createAzureAdapter().connect({ ...connection, account });
const desired = (kind: string, name: string, document: Readonly<Record<string, unknown>>): Desired => ({ name, document, facets: {}, mark: { instance: 'here', tenant: 'acme', id: 'x_1', kind } });

describe('a connection to Azure', () => {
  it.each([
    ['sub-1', { kind: 'subscription', scope: SUBSCRIPTION }],
    ['sub-1:resourceGroups:web_shop-1.eu', { kind: 'resource group', scope: `${SUBSCRIPTION}/resourceGroups/web_shop-1.eu` }],
    ['managementGroups:platform', { kind: 'management group', scope: GROUP }],
  ])('says behind the tenant and a colon where roles are given: %s', (where, place) => {
    expect(azureSettings({ ...connection, account: `${TENANT}:${where}` })).toMatchObject({ tenant: TENANT, place, endpoints: {} });
  });

  it('names a tenant by its id or a domain of it, and needs no more', () => {
    expect(azureSettings(connection)).not.toHaveProperty('place');
    expect([TENANT, 'example.com'].map((account) => domainOf(azureSettings({ ...connection, account })))).toEqual([undefined, 'example.com']);
  });

  it('names a tenant by the name of its first domain too, and says beside the account where roles are given', () => {
    const settings = azureSettings({ ...connection, account: 'acme-corp', scope: 'sub-1:resourceGroups:web' });
    expect(settings).toMatchObject({ tenant: 'acme-corp.onmicrosoft.com', place: { kind: 'resource group', scope: `${SUBSCRIPTION}/resourceGroups/web` } });
    expect(domainOf(settings)).toBe('acme-corp.onmicrosoft.com');
  });

  it('may have endpoints of its own, all together or one by one', () => {
    const own = { ...connection, endpoint: 'https://azure.internal/', endpoints: { login: 'https://login.internal' } };
    expect(azureSettings(own).endpoints).toEqual({ graph: 'https://azure.internal', arm: 'https://azure.internal', login: 'https://login.internal' });
  });

  it.each<[Partial<Connection>, string]>([
    [{ account: 'a:b:c' }, 'account: write <tenant>, <tenant>:<subscription>,'],
    [{ account: 'a:managementGroups' }, '<tenant>:managementGroups:<name>'],
    [{ account: 'a:resourceGroups:web' }, '<tenant>:<subscription>:resourceGroups:<name>'],
    [{ account: 'a:managementGroups:x:resourceGroups:web' }, 'account: write'],
    [{ scope: '/subscriptions/sub-1' }, 'scope: write <subscription>, <subscription>:resourceGroups:<name> or managementGroups:<name>'],
    [{ account: 'a:b', scope: 'b' }, 'scope: the account says where already'],
    [{ endpoints: { iam: 'https://x.example' } }, 'endpoints.iam: not an API of Microsoft'],
    [{ credentials: { type: 'password' } }, "credentials.type: 'password' is not supported; supported: default, client-secret"],
    [{ credentials: { type: 'client-secret', clientId: 'app', clientSecret: 'plain-secret' } }, 'credentials.clientSecret: write env:NAME or file:PATH'],
    [{ credentials: { type: 'client-certificate', certificate: 'file:/x' } }, 'credentials.clientId'],
    [{ credentials: { type: 'bearer', token: 'plain-secret' } }, 'credentials.token: write env:NAME or file:PATH'],
  ])('%j is refused with %s and without the value', (wrong, message) => {
    const connect = () => createAzureAdapter().connect({ ...connection, ...wrong });
    expect(connect).toThrow(expect.objectContaining({ code: 'InvalidRequest', message: expect.stringContaining(message) }));
    expect(connect).not.toThrow(expect.objectContaining({ message: expect.stringContaining('plain-secret') }));
  });
});

describe('what Azure cannot hold', () => {
  it('is told to an operator: roles that are assumed', () => {
    const { capabilities } = createAzureAdapter();
    expect(capabilities.find(({ kind }) => kind === 'role')).toMatchObject({ supported: false, reason: expect.stringContaining('Make a service account') });
    expect(target().handler('role')).toBeUndefined();
    expect(capabilities.filter(({ supported }) => supported).map(({ kind }) => target().handler(kind)?.kind)).toEqual(['user', 'group', 'policy', 'service-account', 'access-key']);
  });

  it.each<[string, string, object, string, string]>([
    ['user', 'ann', { permissionsBoundary: 'pol_1' }, 'Unsupported', 'Azure has no permissions boundaries'],
    ['user', 'ann@a@b', {}, 'InvalidRequest', 'one @'],
    ['access-key', '', { ownerKind: 'user' }, 'Unsupported', 'make a key of a service account'],
    ['access-key', '', { ownerKind: 'service-account', status: 'inactive' }, 'Unsupported', 'it can be used, until the key is deleted'],
    ['policy', 'p', { document: {} }, 'Unsupported', 'providerDocuments.azure'],
    ['policy', 'p', { providerDocuments: { azure: { actions: ['*/read'], colour: ['red'] } } }, 'InvalidRequest', 'providerDocuments.azure.colour'],
    ['policy', 'p', { providerDocuments: { azure: { actions: '*' } } }, 'InvalidRequest', 'providerDocuments.azure.actions: a list of texts'],
    ['policy', 'p', { providerDocuments: { azure: { notActions: ['*/read'] } } }, 'InvalidRequest', 'it allows nothing'],
    ['policy', 'p', { providerDocuments: { azure: { actions: ['*/read'], assignableScopes: ['/subscriptions/other'] } } }, 'InvalidRequest', '/subscriptions/sub-1 must be among them'],
    ['policy', 'p', { providerDocuments: { azure: { actions: ['*/read'], assignableScopes: [SUBSCRIPTION, GROUP, `${GROUP}-2`] } } }, 'InvalidRequest', 'one management group'],
  ])('%s %s %j is %s: %s', (kind, name, document, code, message) => {
    expect(target().handler(kind)?.check(desired(kind, name, document as Desired['document']))).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('is a role with data actions on a management group, which a subscription of it may hold', () => {
    const data = desired('policy', 'p', { providerDocuments: { azure: { actions: ['*/read'], dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'] } } });
    expect(target(`${TENANT}:managementGroups:platform`).handler('policy')?.check(data)).toMatchObject({ code: 'Unsupported', message: expect.stringContaining('a subscription or a resource group can hold it') });
    expect(target().handler('policy')?.check(data)).toBeUndefined();
  });

  it('is not a role of a resource group that may be given in all of its subscription; one of another group is refused', () => {
    const at = (...assignableScopes: string[]) =>
      target(`${TENANT}:sub-1:resourceGroups:web`).handler('policy')?.check(desired('policy', 'p', { providerDocuments: { azure: { actions: ['*/read'], assignableScopes } } }));
    expect([at(SUBSCRIPTION.toUpperCase()), at(`${SUBSCRIPTION}/resourcegroups/WEB`)]).toEqual([undefined, undefined]);
    for (const other of [`${SUBSCRIPTION}/resourceGroups/we`, `${SUBSCRIPTION}/resourceGroups/web-2`]) expect(at(other)?.message).toContain(`${SUBSCRIPTION}/resourceGroups/web must be among them`);
  });

  it('is a policy where the connection says not where, and what is attached is refused one by one', async () => {
    const azure = { providerDocuments: { azure: { actions: ['*/read'] } } };
    expect(target(TENANT).handler('policy')?.check(desired('policy', 'p', azure))).toMatchObject({ code: 'Unsupported', message: expect.stringContaining('give it a scope, <subscription>') });
    const role = '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/683ff9b9-98d1-5af6-9381-ba194e279c28';
    const group = { providerResourceId: 'g', nativeArn: '/groups/g', name: 'g', shape: { fields: { name: 'g' }, tags: {}, facets: {} }, facetsRead: [] };
    const changes = { fields: {}, setTags: {}, removeTags: [], addTo: { policies: ['p'] }, removeFrom: {} };
    const attached = await target(TENANT).handler('group')?.update({ ...desired('group', 'g', {}), ends: { policies: { p: role } } }, group, changes, { signal: AbortSignal.timeout(1_000) });
    expect(attached?.rejected).toMatchObject([{ facet: 'policies', name: 'p', error: { code: 'Unsupported' } }]);
  });

  it('is an address in the domain that the connection adds by itself', () => {
    const problem = (name: string) => target('example.com').handler('user')?.check(desired('user', name, {}))?.message;
    expect([problem('ann'), problem('ann@elsewhere.example'), problem('ann@Example.com')]).toEqual([undefined, undefined, 'userName: leave out @example.com, which the connection adds']);
  });
});

describe('the name of an assignment', () => {
  it('is the same UUID for the same scope, principal and role, whatever their case, and another for any other', () => {
    const name = assignmentName('/subscriptions/s', 'principal', 'role');
    expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(assignmentName('/Subscriptions/S', 'Principal', 'Role')).toBe(name);
    expect(assignmentName('/subscriptions/s', 'principal', 'other')).not.toBe(name);
  });
});
