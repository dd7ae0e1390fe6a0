import type { CallContext, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { startSandboxAzure, type SandboxAzure } from '@wami/sandbox';
import { ACTIONS } from '../spec-support/azure-hands';
import { createAzureAdapter } from './azure.adapter';

process.env['SPEC_AZURE_PLACES_TOKEN'] = 'spec-token';
const credentials = { type: 'bearer', token: 'env:SPEC_AZURE_PLACES_TOKEN' };
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const RBAC = '/providers/Microsoft.Authorization';

type RoleDefinition = ReturnType<SandboxAzure['snapshot']>['roleDefinitions'][number];
interface Standing {
  readonly account: string;
  readonly scope: string;
  /** Where else in the tenant the same group is given the same role: no part of the place. */
  readonly elsewhere: string;
  /** Within the place. */
  readonly within?: string;
}

describe.each<[string, (cloud: SandboxAzure) => Standing]>([
  ['a subscription', ({ subscription, managementGroup }) => ({ account: subscription, scope: `/subscriptions/${subscription}`, elsewhere: `/providers/Microsoft.Management/managementGroups/${managementGroup}`, within: `/subscriptions/${subscription}/resourceGroups/web` })],
  ['a resource group', ({ subscription }) => ({ account: `${subscription}:resourceGroups:web`, scope: `/subscriptions/${subscription}/resourceGroups/web`, elsewhere: `/subscriptions/${subscription}/resourceGroups/web-2` })],
  ['a management group', ({ subscription, managementGroup }) => ({ account: `managementGroups:${managementGroup}`, scope: `/providers/Microsoft.Management/managementGroups/${managementGroup}`, elsewhere: `/subscriptions/${subscription}` })],
])('a connection for %s', (_, placed) => {
  let cloud: SandboxAzure;
  let target: ProviderTarget;
  let policies: ResourceHandler;
  let groups: ResourceHandler;
  let role: Observed;
  let crew: Observed;
  let at: Standing;

  const desired = (kind: string, name: string, more: Partial<Desired> = {}): Desired =>
    ({ name, mark: { instance: 'local', tenant: 'acme', id: `${kind}_${name}`, kind }, facets: {}, document: kind === 'policy' ? { providerDocuments: { azure: { actions: ACTIONS } } } : {}, ...more });
  const given = (): string[] => cloud.snapshot().roleAssignments.map(({ scope }) => scope).sort();
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const answer = await fetch(`${cloud.url}${path}?api-version=2022-04-01`, { method, headers: { authorization: 'Bearer theirs', 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  /** Somebody else lets the role be given there too, and gives it. */
  const theyGive = async (scope: string, index: number): Promise<void> => {
    const [{ name, roleName, permissions, description }] = cloud.snapshot().roleDefinitions as [RoleDefinition];
    await call('PUT', `${at.scope}${RBAC}/roleDefinitions/${name}`, { properties: { roleName, description, type: 'CustomRole', permissions, assignableScopes: [at.scope, at.elsewhere] } });
    await call('PUT', `${scope}${RBAC}/roleAssignments/88888888-0000-4000-8000-00000000000${index}`, { properties: { roleDefinitionId: role.nativeArn, principalId: crew.providerResourceId, principalType: 'Group' } });
  };

  beforeEach(async () => {
    cloud = await startSandboxAzure();
    at = placed(cloud);
    target = createAzureAdapter().connect({ provider: 'azure', account: `${cloud.tenant}:${at.account}`, endpoint: cloud.url, credentials });
    [policies, groups] = [target.handler('policy') as ResourceHandler, target.handler('group') as ResourceHandler];
    ({ observed: role } = await policies.create(desired('policy', 'watcher'), context()));
    ({ observed: crew } = await groups.create(desired('group', 'crew', { facets: { policies: ['watcher'] }, ends: { policies: { watcher: role.nativeArn } } }), context()));
  });
  afterEach(async () => {
    await target.close();
    await cloud.close();
  });

  it('gives its roles there and nowhere else, and what the same group was given elsewhere or within stays and is not taken for given there', async () => {
    expect([given(), cloud.snapshot().roleDefinitions.map(({ assignableScopes }) => assignableScopes)]).toEqual([[at.scope], [[at.scope]]]);
    await theyGive(at.elsewhere, 1);
    if (at.within !== undefined) await theyGive(at.within, 2);
    const known = { mark: desired('group', 'crew').mark, names: ['crew'], providerResourceId: crew.providerResourceId };
    expect((await groups.observe(known, ['policies'], context()))?.shape.facets).toEqual({ policies: ['watcher'] });
    const without = { ...NOTHING, removeFrom: { policies: ['watcher'] } };
    await groups.update(desired('group', 'crew', { ends: { policies: { watcher: role.nativeArn } } }), crew, without, context());
    expect(given()).toEqual([at.elsewhere, ...(at.within === undefined ? [] : [at.within])].sort());
    expect((await groups.observe(known, ['policies'], context()))?.shape.facets).toEqual({ policies: [] });
  });

  it('takes from a group that goes what it was given there and within, and no more', async () => {
    await theyGive(at.elsewhere, 1);
    if (at.within !== undefined) await theyGive(at.within, 2);
    await groups.delete(crew, context());
    expect(given()).toEqual([at.elsewhere]);
  });

  it('deletes no role that is given elsewhere: the refusal is a Conflict, and what was given there stays', async () => {
    await theyGive(at.elsewhere, 1);
    await expect(policies.delete(role, context())).rejects.toMatchObject({ code: 'Conflict', options: { details: { azureCode: 'RoleDefinitionHasAssignments' } } });
    expect(given()).toEqual([at.elsewhere]);
    expect(cloud.snapshot().roleDefinitions).toHaveLength(1);
  });
});

it('who was given roles is deleted though the resource group of the place was deleted before, with all that was given there', async () => {
  const cloud = await startSandboxAzure();
  const target = createAzureAdapter().connect({ provider: 'azure', account: `${cloud.tenant}:${cloud.subscription}:resourceGroups:web`, endpoint: cloud.url, credentials });
  try {
    const groups = target.handler('group') as ResourceHandler;
    const { observed } = await groups.create({ name: 'crew', mark: { instance: 'local', tenant: 'acme', id: 'grp_crew', kind: 'group' }, facets: {}, document: {} }, context());
    const gone = await fetch(`${cloud.url}/subscriptions/${cloud.subscription}/resourceGroups/web?api-version=2021-01-01`, { method: 'DELETE', headers: { authorization: 'Bearer theirs' } });
    expect(gone.status).toBe(202);
    const policies = target.handler('policy') as ResourceHandler;
    await expect(policies.list(context())[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'InvalidRequest', options: { details: { azureCode: 'ResourceGroupNotFound' } } });
    await groups.delete(observed, context());
    expect(cloud.snapshot().groups.map(({ deleted }) => deleted)).not.toContain(false);
  } finally {
    await target.close();
    await cloud.close();
  }
});
