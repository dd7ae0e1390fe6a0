import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Changes, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { exchange, FIDELITY, readJson, type Exchange } from '../spec-support/fidelity';
import { RecordedCloud } from '../spec-support/recorded-cloud';
import { createAzureAdapter } from './azure.adapter';

process.env['WAMI_EVERY_RECORDING_TOKEN'] = 'a-token';
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const ID = '0d380b48-63eb-4a1b-8023-a5af7aaf2f6d';
const ROLE = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/683ff9b9-98d1-5af6-9381-ba194e279c28`;
const NOTHING: Changes = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const ENDS = { policies: { role: ROLE }, groups: { crew: `/groups/${ID}` } };
const context = { signal: AbortSignal.timeout(60_000) };

const desired = (kind: string, name: string, document: Desired['document'] = {}): Desired => ({ mark: { instance: 'here', tenant: 'acme', id: `${kind}_1`, kind }, document, name, facets: {}, ends: ENDS });
function standing(nativeArn: string, name: string): Observed {
  return { providerResourceId: nativeArn.slice(nativeArn.lastIndexOf('/') + 1), nativeArn, name, shape: { fields: { name, displayName: 'before' }, tags: {}, facets: {} }, facetsRead: [] };
}

/** The operation that a call is of, whatever the ids, the scope, and the way in which a client spelled it. */
function operationOf({ method, url }: Exchange): string {
  const path = decodeURIComponent(new URL(url).pathname);
  const atAzure = /\/(roleAssignments|roleDefinitions)\/[^/]+$/i.exec(path)?.[1];
  if (atAzure !== undefined) return `${method} ${atAzure}`.toLowerCase();
  return `${method} ${path.replace(/^\/v1\.0/, '').replace(/\('[^']*'\)|\/(?!\$ref$)[^/]*[\d@][^/]*/g, '/{}')}`.toLowerCase();
}

const NOBODY: Exchange = { method: 'GET', url: 'https://graph.microsoft.com/v1.0/any', status: 200, responseBody: { value: [] } };
const NAME = 'azure-cli-test000001';

/** What is done that leads to the recorded call, with what else is asked around it, and how it ends. */
interface Act {
  around?(recorded: Exchange): readonly Exchange[];
  at?: 'subscription';
  does(of: (kind: string) => ResourceHandler): Promise<unknown> | undefined;
  readonly ends: unknown;
}
const PRINCIPAL = 'microsoft-graph/service-principal-create-update-delete';
const taken = { policies: ['role'] };
const ACTS: Readonly<Record<string, Act>> = {
  'post /users': { does: (of) => of('user').create(desired('user', NAME), context).then(({ observed: { mark } }) => mark?.id), ends: 'user_1' },
  'patch /users/{}': { does: (of) => of('user').update(desired('user', NAME, { displayName: 'after' }), standing(`/users/${ID}`, NAME), { ...NOTHING, fields: { displayName: 'after' } }, context).then(({ observed }) => observed.shape.fields['displayName']), ends: 'after' },
  'delete /users/{}': { does: (of) => of('user').delete(standing(`/users/${ID}`, NAME), context), ends: undefined },
  'post /groups': { around: (recorded) => [NOBODY, recorded], does: (of) => of('group').create(desired('group', 'crew'), context).then(({ observed: { mark } }) => mark?.id), ends: 'group_1' },
  'delete /groups/{}': { does: (of) => of('group').delete(standing(`/groups/${ID}`, 'crew'), context), ends: undefined },
  'post /groups/{}/members/$ref': { does: (of) => of('user').update(desired('user', NAME), standing(`/users/${ID}`, NAME), { ...NOTHING, addTo: { groups: ['crew'] } }, context).then(({ rejected }) => rejected), ends: [] },
  'delete /groups/{}/members/{}/$ref': { does: (of) => of('user').update(desired('user', NAME), standing(`/users/${ID}`, NAME), { ...NOTHING, removeFrom: { groups: ['crew'] } }, context).then(({ rejected }) => rejected), ends: [] },
  'post /applications': {
    around: (recorded) => [NOBODY, recorded, exchange(PRINCIPAL, 'POST', 201, '/servicePrincipals')],
    does: (of) => of('service-account').create(desired('service-account', NAME), context).then(({ observed: { mark } }) => mark?.id), ends: 'service-account_1',
  },
  'post /serviceprincipals': {
    around: (recorded) => [NOBODY, exchange(PRINCIPAL, 'POST', 201, '/applications'), recorded],
    does: (of) => of('service-account').create(desired('service-account', NAME), context).then(({ observed: { nativeArn } }) => nativeArn.split('/')[1]), ends: 'servicePrincipals',
  },
  'delete /serviceprincipals/{}': { around: (recorded) => [recorded, exchange(PRINCIPAL, 'DELETE', 204, '/applications')], does: (of) => of('service-account').delete(standing(`/servicePrincipals/${ID}`, NAME), context), ends: undefined },
  'delete /applications/{}': { around: (recorded) => [exchange(PRINCIPAL, 'DELETE', 204, '/servicePrincipals'), recorded], does: (of) => of('service-account').delete(standing(`/servicePrincipals/${ID}`, NAME), context), ends: undefined },
  'put roleassignments': { at: 'subscription', does: (of) => of('service-account').update(desired('service-account', NAME), standing(`/servicePrincipals/${ID}`, NAME), { ...NOTHING, addTo: taken }, context).then(({ rejected }) => rejected.map(({ error }) => error.code)), ends: [] },
  'delete roleassignments': { at: 'subscription', does: (of) => of('service-account').update(desired('service-account', NAME), standing(`/servicePrincipals/${ID}`, NAME), { ...NOTHING, removeFrom: taken }, context).then(({ rejected }) => rejected), ends: [] },
  'put roledefinitions': { at: 'subscription', does: (of) => of('policy').create(desired('policy', NAME, { providerDocuments: { azure: { actions: ['*/read'] } } }), context).then(({ observed: { mark } }) => mark?.id), ends: 'policy_1' },
  'delete roledefinitions': { at: 'subscription', does: (of) => of('policy').delete(standing(ROLE, NAME), context), ends: undefined },
};
/** Of a role that cannot be given; who has it already has it. */
const REFUSED: Readonly<Record<string, readonly string[]>> = { 'put roleassignments 400': ['DependencyNotReady'], 'put roleassignments 403': ['AccessDenied'], 'put roleassignments 409': [] };

interface Recording { readonly source: { readonly provenance: string }; readonly exchanges: readonly Exchange[] }
const recorded = ['azure-rbac', 'microsoft-graph'].flatMap((folder) => (FIDELITY === undefined ? [] : readdirSync(join(FIDELITY, folder)).map((file) => `${folder}/${file}`)))
  .flatMap((file) => {
    const { source, exchanges } = readJson(file) as Recording;
    return source.provenance === 'live' ? [[file, exchanges.filter((one) => operationOf(one) in ACTS)] as const] : [];
  }).filter(([, exchanges]) => exchanges.length > 0);

if (FIDELITY === undefined) it('is left out: the recordings are not beside the checkout', () => undefined);
else describe('every recorded write, at the adapter', () => {
  let cloud: RecordedCloud;
  let targets: Readonly<Record<'tenant' | 'subscription', ProviderTarget>>;
  beforeAll(async () => {
    cloud = await RecordedCloud.start();
    const connect = (account: string): ProviderTarget => createAzureAdapter().connect({ provider: 'azure', account, endpoint: cloud.url, credentials: { type: 'bearer', token: 'env:WAMI_EVERY_RECORDING_TOKEN' } });
    targets = { tenant: connect('AzureSDKTeam.onmicrosoft.com'), subscription: connect(`AzureSDKTeam.onmicrosoft.com:${SUBSCRIPTION}`) };
  });
  afterAll(() => cloud.close());

  it('is of every operation that the services were recorded at and that the adapter writes by', () => {
    expect(recorded.length).toBeGreaterThan(20);
    expect([...new Set(recorded.flatMap(([, exchanges]) => exchanges.map(operationOf)))].sort()).toEqual(Object.keys(ACTS).sort());
  });

  it.each(recorded)('%s: is asked for in the same way, and its answer leads to the right end', async (_, exchanges) => {
    for (const one of exchanges) {
      const operation = operationOf(one);
      const { around = (it) => [it], at = 'tenant', does, ends } = ACTS[operation] as Act;
      cloud.expect(...around(one).map((step) => ({ ...step, anyShape: true })));
      const of = (kind: string): ResourceHandler => targets[at].handler(kind) as ResourceHandler;
      expect([operation, one.status, await does(of)]).toEqual([operation, one.status, REFUSED[`${operation} ${one.status}`] ?? ends]);
      expect(cloud.seen.map(({ method, path }) => operationOf({ method, url: `https://any${path}`, status: 0 }))).toContain(operation);
      expect(cloud.left()).toEqual([]);
    }
  });
});
