import type { Changes, Connection, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { exchange, FIDELITY, recording, reported, type Exchange } from '../spec-support/fidelity';
import { RecordedCloud } from '../spec-support/recorded-cloud';
import { createAzureAdapter } from './azure.adapter';

process.env['WAMI_RECORDED_TOKEN'] = 'a-token';
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const ID = '0d380b48-63eb-4a1b-8023-a5af7aaf2f6d';
const GROUP = 'a3f6c606-38ec-42d7-8c0e-d4ecaf0d9d61';
const ROLE = `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/683ff9b9-98d1-5af6-9381-ba194e279c28`;
const NOTHING: Changes = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const context = { signal: AbortSignal.timeout(60_000) };
const emptyList = { value: [] };

/** An answer that no recording holds, as the reference documents it. */
const documented = (method: string, path: string, status: number, responseBody?: unknown): Exchange => ({ method, url: `https://graph.microsoft.com/v1.0${path}`, status, ...(responseBody === undefined ? {} : { responseBody }) });
const lists = (kind: string, filter: string, value: readonly unknown[] = []): Exchange =>
  ({ method: 'GET', url: `https://management.azure.com${SCOPE}/providers/Microsoft.Authorization/${kind}?$filter=${encodeURIComponent(filter)}`, status: 200, responseBody: { value } });

function desired(kind: string, name: string, document: Readonly<Record<string, unknown>> = {}, more: Partial<Desired> = {}): Desired {
  return { mark: { instance: 'here', tenant: 'acme', id: `${kind}_1`, kind }, document, name, facets: {}, ...more };
}

function standing(nativeArn: string, name: string, fields: Readonly<Record<string, string>> = { name }): Observed {
  const providerResourceId = nativeArn.slice(nativeArn.lastIndexOf('/') + 1);
  return { providerResourceId, nativeArn, name, shape: { fields, tags: {}, facets: {} }, facetsRead: [] };
}

const told = FIDELITY === undefined ? 'left out: the recordings are not beside the checkout' : undefined;
if (told !== undefined) it(told, () => undefined);
else describe('recordings of the real services, at the adapter', replayAll);

function replayAll(): void {
  let cloud: RecordedCloud;
  let tenant: ProviderTarget;
  let subscription: ProviderTarget;
  let resourceGroup: ProviderTarget;

  beforeAll(async () => {
    cloud = await RecordedCloud.start();
    const credentials = { type: 'bearer', token: 'env:WAMI_RECORDED_TOKEN' };
    const connection: Connection = { provider: 'azure', account: 'AzureSDKTeam.onmicrosoft.com', endpoint: cloud.url, credentials };
    tenant = createAzureAdapter().connect(connection);
    subscription = createAzureAdapter().connect({ ...connection, account: `AzureSDKTeam.onmicrosoft.com:${SUBSCRIPTION}` });
    resourceGroup = createAzureAdapter().connect({ ...connection, account: `AzureSDKTeam.onmicrosoft.com:${SUBSCRIPTION}:resourceGroups:web` });
  });
  afterAll(async () => {
    await cloud.close();
  });
  afterEach(() => {
    expect(cloud.left()).toEqual([]);
  });

  const of = (kind: string, target = tenant): ResourceHandler => {
    const handler = target.handler(kind);
    if (handler === undefined) throw new Error(`no handler of ${kind}`);
    return handler;
  };
  const keys = (body: unknown): string[] => Object.keys(body as object);

  describe('users', () => {
    const FILE = 'microsoft-graph/user-create-update-delete';
    const user = standing(`/users/${ID}`, 'graphusertest000001', { name: 'graphusertest000001', displayName: 'one' });

    it('are made as the service was asked to make one, and known by the id that it gave', async () => {
      const step = exchange(FILE, 'POST', 201, '/users');
      cloud.expect(step);
      const { observed } = await of('user').create(desired('user', 'graphusertest000001'), context);
      expect(observed).toMatchObject({ providerResourceId: 'e0872b63-3a2d-4edc-b1df-9d63302db894', name: 'graphusertest000001', mark: { id: 'user_1' } });
      expect(keys(cloud.seen[0]?.body)).toEqual(expect.arrayContaining(keys(step.requestBody)));
      expect(cloud.seen[0]?.body).toMatchObject({ userPrincipalName: 'graphusertest000001@AzureSDKTeam.onmicrosoft.com' });
    });

    it('get another display name by PATCH, which answers nothing', async () => {
      cloud.expect(exchange(FILE, 'PATCH', 204, '/users'));
      const { observed } = await of('user').update(desired('user', user.name, { displayName: 'two' }), user, { ...NOTHING, fields: { displayName: 'two' } }, context);
      expect(observed.shape.fields).toEqual({ name: user.name, displayName: 'two' });
    });

    it('join and leave groups by references', async () => {
      const groups = 'microsoft-graph/group-members-owners';
      cloud.expect(exchange(FILE, 'POST', 204, '/members/$ref'), exchange(groups, 'DELETE', 204, '/members/'));
      const ends = { groups: { here: `/groups/${GROUP}`, there: '/groups/67d6e84a-a1dc-4179-a17d-579b4b2fa9b3' } };
      const changes = { ...NOTHING, addTo: { groups: ['here'] }, removeFrom: { groups: ['there'] } };
      expect((await of('user').update(desired('user', user.name, {}, { ends }), user, changes, context)).rejected).toEqual([]);
      expect(cloud.seen.map(({ path }) => path)).toEqual([`/v1.0/groups/${GROUP}/members/$ref`, `/v1.0/groups/67d6e84a-a1dc-4179-a17d-579b4b2fa9b3/members/${ID}/$ref`]);
    });

    it('that are in a group already are told as done, and a group that is not there is named', async () => {
      const again = { ...exchange(FILE, 'POST', 204, '/members/$ref') };
      cloud.expect({ ...again, ...reported('POST /groups/{id}/owners/$ref or members/$ref') }, { ...again, ...reported('POST /groups/{id}/members/$ref of an object') });
      const ends = { groups: { here: `/groups/${GROUP}`, gone: '/groups/67d6e84a-a1dc-4179-a17d-579b4b2fa9b3' } };
      const { rejected } = await of('user').update(desired('user', user.name, {}, { ends }), user, { ...NOTHING, addTo: { groups: ['here', 'gone'] } }, context);
      expect(rejected.map(({ name, error }) => [name, error.code])).toEqual([['gone', 'NotFound']]);
    });

    it('whose name is taken are AlreadyExists, when nothing of ours is in the bin', async () => {
      cloud.expect({ ...exchange(FILE, 'POST', 201, '/users'), ...reported('POST /users with a userPrincipalName in use') }, documented('GET', '/directory/deletedItems/microsoft.graph.user', 200, emptyList));
      await expect(of('user').create(desired('user', 'graphusertest000001'), context)).rejects.toMatchObject({ code: 'AlreadyExists', options: { effect: 'none' } });
    });

    it('that are ours and in the bin are brought back instead', async () => {
      const wanted = desired('user', 'graphusertest000001');
      const marked = { extensionAttribute15: '[managed-by=wami wami-instance=here wami-tenant=acme wami-id=user_1 wami-kind=user]' };
      const deleted = { id: ID, userPrincipalName: `${ID.replaceAll('-', '')}graphusertest000001@AzureSDKTeam.onmicrosoft.com`, displayName: 'one', onPremisesExtensionAttributes: marked };
      cloud.expect(
        { ...exchange(FILE, 'POST', 201, '/users'), ...reported('POST /users with a userPrincipalName in use') },
        documented('GET', '/directory/deletedItems/microsoft.graph.user', 200, { value: [deleted] }),
        { ...documented('POST', `/directory/deletedItems/${ID}/restore`, 200, { id: ID }), requestBody: {} },
        exchange(FILE, 'PATCH', 204, '/users'),
      );
      const { observed } = await of('user').create(wanted, context);
      expect(observed).toMatchObject({ providerResourceId: ID, name: 'graphusertest000001', mark: wanted.mark });
      expect(cloud.seen[3]?.path).toBe(`/v1.0/users/${ID}`);
    });

    it('are deleted', async () => {
      cloud.expect(exchange(FILE, 'DELETE', 204, '/users'));
      await of('user').delete(user, context);
    });

    it('are listed over four pages, asked for where we are connected to', async () => {
      const pages = recording('microsoft-graph/user-list-paging');
      const memberOf = documented('GET', `/users/${ID}/memberOf`, 200, emptyList);
      cloud.expect(...pages.flatMap((page) => [page, ...(page.responseBody as { value: readonly unknown[] }).value.map(() => memberOf)]));
      const listed: Observed[] = [];
      for await (const page of of('user').list(context)) listed.push(...page);
      expect(listed).toHaveLength(8);
      expect(listed.every(({ mark, facetsRead }) => mark === undefined && facetsRead.join() === 'groups,policies')).toBe(true);
    });
  });

  describe('groups', () => {
    const FILE = 'microsoft-graph/group-members-owners';

    it('are looked for by name, made, found, and gone after their deletion', async () => {
      const byName = recording(FILE).filter(({ url }) => decodeURIComponent(url).endsWith("/groups?$filter=displayName eq 'testgroup000001'"));
      const [present, , absent] = byName;
      const deleted = recording(FILE).find(({ method, url }) => method === 'DELETE' && url.endsWith(GROUP));
      if (present === undefined || absent === undefined || deleted === undefined) throw new Error('the recording is another');
      const gone = exchange(FILE, 'GET', 404, `/groups/${GROUP}`);
      const made = exchange(FILE, 'POST', 201, '/groups');
      cloud.expect(absent, made, present, deleted, gone, absent);
      const wanted = desired('group', 'testgroup000001');
      const { observed } = await of('group').create(wanted, context);
      expect(keys(cloud.seen[1]?.body)).toEqual(expect.arrayContaining(keys(made.requestBody)));
      expect(observed.providerResourceId).toBe(GROUP);
      expect(await of('group').observe({ mark: wanted.mark, names: [wanted.name] }, [], context)).toMatchObject({ providerResourceId: GROUP, name: 'testgroup000001' });
      await of('group').delete(observed, context);
      expect(await of('group').observe({ mark: wanted.mark, names: [wanted.name], providerResourceId: GROUP }, [], context)).toBeUndefined();
    });

    it('with characters that an address cannot hold are asked for by them', async () => {
      const step = recording('microsoft-graph/group-special-characters').find(({ url }) => decodeURIComponent(url).endsWith("displayName eq 'azure-cli-test-group+/000001'"));
      if (step === undefined) throw new Error('the recording is another');
      cloud.expect(step);
      const wanted = desired('group', 'azure-cli-test-group+/000001');
      expect(await of('group').observe({ mark: wanted.mark, names: [wanted.name] }, [], context)).toMatchObject({ name: wanted.name });
      expect(cloud.seen[0]?.query.get('$filter')).toBe("displayName eq 'azure-cli-test-group+/000001'");
    });
  });

  describe('service accounts', () => {
    const FILE = 'microsoft-graph/service-principal-create-update-delete';

    it('are an application and its service principal, and both go', async () => {
      const [application, principal] = [exchange(FILE, 'POST', 201, '/applications'), exchange(FILE, 'POST', 201, '/servicePrincipals')];
      cloud.expect(
        documented('GET', `/applications?$filter=${encodeURIComponent("displayName eq 'azure-cli-test000001'")}`, 200, emptyList),
        application, principal, exchange(FILE, 'DELETE', 204, '/servicePrincipals'), exchange(FILE, 'DELETE', 204, '/applications'),
      );
      const { observed } = await of('service-account').create(desired('service-account', 'azure-cli-test000001'), context);
      expect(observed).toMatchObject({ providerResourceId: '497434e7-c384-45d3-ac72-f7de210d6ca3', nativeArn: '/servicePrincipals/0d380b48-63eb-4a1b-8023-a5af7aaf2f6d', mark: { id: 'service-account_1' } });
      expect(keys(cloud.seen[2]?.body)).toEqual(expect.arrayContaining(keys(principal.requestBody)));
      await of('service-account').delete(observed, context);
    });

    it('leave no application behind where the service principal is refused', async () => {
      const [application, refusal] = [exchange(FILE, 'POST', 201, '/applications'), exchange('microsoft-graph/insufficient-privileges', 'GET', 403, '/servicePrincipals')];
      cloud.expect(
        documented('GET', `/applications?$filter=${encodeURIComponent("displayName eq 'azure-cli-test000001'")}`, 200, emptyList),
        application, { ...refusal, anyShape: true }, exchange(FILE, 'DELETE', 204, '/applications'),
      );
      await expect(of('service-account').create(desired('service-account', 'azure-cli-test000001'), context)).rejects.toMatchObject({ code: 'AccessDenied', options: { effect: 'none' } });
    });

    it('that are gone are seen as gone by their id', async () => {
      const gone = exchange('microsoft-graph/application-create-delete-not-found', 'GET', 404, '/applications/');
      cloud.expect(gone, documented('GET', `/applications?$filter=${encodeURIComponent("displayName eq 'x'")}`, 200, emptyList));
      const { mark } = desired('service-account', 'x');
      expect(await of('service-account').observe({ mark, names: ['x'], providerResourceId: '99ebd4c0-4ac0-4bea-b902-31d9f7fd1ff7' }, [], context)).toBeUndefined();
    });
  });

  describe('roles and their assignments', () => {
    const principal = standing(`/servicePrincipals/${ID}`, 'app');
    const attach = (): Promise<unknown> =>
      of('service-account', subscription).update(desired('service-account', 'app', {}, { ends: { policies: { role: ROLE } } }), principal, { ...NOTHING, addTo: { policies: ['role'] } }, context);
    const NOT_YET = 'azure-rbac/assignment-principal-not-replicated-1';
    const refused = (code: string) => ({ rejected: [{ facet: 'policies', name: 'role', error: { code } }] });

    it('are assigned with the type of the principal, under one name for the same three', async () => {
      const step = exchange('azure-rbac/service-principal-with-assignment', 'PUT', 201, '/roleAssignments/');
      cloud.expect(step);
      expect(await attach()).toMatchObject({ rejected: [] });
      expect(cloud.seen[0]?.body).toEqual({ properties: { roleDefinitionId: ROLE, principalId: ID, principalType: 'ServicePrincipal' } });
      expect(keys((step.requestBody as { properties: object }).properties)).toEqual(expect.arrayContaining(['roleDefinitionId', 'principalId', 'principalType']));
    });

    it('that are assigned already under another name are told as done', async () => {
      cloud.expect(exchange('azure-rbac/assignment-duplicate-2024', 'PUT', 409, '/roleAssignments/'));
      expect(await attach()).toMatchObject({ rejected: [] });
    });

    it('wait for a principal that is not known everywhere yet, and are assigned under the same name then', async () => {
      cloud.expect(exchange(NOT_YET, 'PUT', 400, '/roleAssignments/'), exchange(NOT_YET, 'PUT', 201, '/roleAssignments/'));
      expect(await attach()).toMatchObject(refused('DependencyNotReady'));
      expect(await attach()).toMatchObject({ rejected: [] });
      expect(cloud.seen[0]?.path).toBe(cloud.seen[1]?.path);
    });

    it('that we may not assign are AccessDenied', async () => {
      cloud.expect(exchange('azure-rbac/assignment-forbidden', 'PUT', 403, '/roleAssignments/'));
      expect(await attach()).toMatchObject(refused('AccessDenied'));
    });

    it('for which there were too many requests are Throttled for as long as the message says', async () => {
      const seconds = { 'azure-rbac/throttled-resource-provider': 324, 'azure-rbac/throttled-subscription': 6 };
      for (const [file, wait] of Object.entries(seconds)) {
        const [step] = recording(file).filter(({ status }) => status === 429);
        if (step === undefined) throw new Error(`${file} has no 429`);
        cloud.expect({ ...step, anyShape: true });
        expect(await attach()).toMatchObject({ rejected: [{ error: { code: 'Throttled', options: { retryAfterMs: wait * 1000 } } }] });
        expect(cloud.left()).toEqual([]);
      }
    });

    it('are taken away, and where that was done already the list of the principal is asked', async () => {
      const taken = exchange('azure-rbac/assignment-create-update-delete', 'DELETE', 200, '/roleAssignments/');
      cloud.expect(taken);
      const changes = { ...NOTHING, removeFrom: { policies: ['role'] } };
      const wanted = desired('service-account', 'app', {}, { ends: { policies: { role: ROLE } } });
      expect((await of('service-account', subscription).update(wanted, principal, changes, context)).rejected).toEqual([]);
      const none = lists('roleAssignments', `principalId eq '${ID}'`);
      cloud.expect({ method: 'DELETE', url: taken.url, status: 204 }, none, none);
      expect((await of('service-account', subscription).update(wanted, principal, changes, context)).rejected).toEqual([]);
    });

    const document = {
      description: 'Can monitor',
      providerDocuments: { azure: { actions: ['Microsoft.Compute/*/read'], dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'] } },
    };

    it('are made, found under their name whatever its case, changed and deleted', async () => {
      const FILE = 'azure-rbac/custom-role-create-update-delete';
      const puts = recording(FILE).filter(({ method }) => method === 'PUT');
      const [made, changed] = puts;
      if (made === undefined || changed === undefined) throw new Error('the recording is another');
      cloud.expect(made);
      const { observed } = await of('policy', subscription).create(desired('policy', 'cli-test-role000001', document), context);
      const sent = (cloud.seen[0]?.body as { properties: object }).properties;
      expect(keys(sent)).toEqual(expect.arrayContaining(keys((made.requestBody as { properties: object }).properties)));
      expect(observed).toMatchObject({ providerResourceId: '88888888-0000-0000-0000-000000000001', mark: { id: 'policy_1' } });
      const current = { method: 'GET', url: `https://management.azure.com${observed.nativeArn}?api-version=2022-04-01`, status: 200, responseBody: made.responseBody };
      cloud.expect(current, changed);
      const after = desired('policy', 'cli-test-role000001', { ...document, description: 'Can see' });
      const { observed: seen } = await of('policy', subscription).update(after, observed, { ...NOTHING, fields: { description: 'Can see' } }, context);
      expect(seen.shape.fields['description']).toBe('Can see');
      cloud.expect(exchange(FILE, 'DELETE', 200, '/roleDefinitions/'));
      await of('policy', subscription).delete(observed, context);
    });

    it('of a resource group are made, seen and deleted in it, under an id that names the subscription alone', async () => {
      const FILE = 'azure-rbac/custom-role-resource-group-scope';
      const [put, get, gone] = [exchange(FILE, 'PUT', 201, '/resourceGroups/'), exchange(FILE, 'GET', 200, '/resourceGroups/'), exchange(FILE, 'DELETE', 200, '/resourceGroups/')];
      cloud.expect(put, get, gone);
      const [roles, wanted] = [of('policy', resourceGroup), desired('policy', 'asotest-roledef-aywylc', document)];
      const { observed } = await roles.create(wanted, context);
      expect(observed).toMatchObject({ nativeArn: ROLE, providerResourceId: ROLE.slice(-36) });
      await roles.observe({ mark: wanted.mark, nativeArn: ROLE, providerResourceId: observed.providerResourceId, names: [wanted.name] }, [], context);
      await roles.delete(observed, context);
      expect(cloud.seen.map(({ path }) => path.slice(0, path.indexOf('/providers')))).toEqual(Array(3).fill(`${SCOPE}/resourceGroups/web`));
      expect(cloud.seen[0]?.body).toMatchObject({ properties: { assignableScopes: [`${SCOPE}/resourceGroups/web`] } });
    });

    it('that are not there by their id are looked for by their name', async () => {
      const gone = exchange('azure-rbac/custom-role-resource-group-scope', 'GET', 404, '/roleDefinitions/');
      const byName = exchange('azure-rbac/assignment-create-update-delete', 'GET', 200, '/roleDefinitions?$filter');
      cloud.expect(gone, byName);
      const { mark } = desired('policy', 'reader');
      const found = await of('policy', subscription).observe({ mark, nativeArn: ROLE, providerResourceId: '683ff9b9-98d1-5af6-9381-ba194e279c28', names: ['reader'] }, [], context);
      expect(found).toMatchObject({ name: 'Reader', obstacle: 'tags' });
    });
  });
}
