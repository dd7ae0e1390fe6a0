import type { CallContext, Changes, Connection, Desired, Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { startSandboxAzure, type SandboxAzure } from '@wami/sandbox';
import { FIDELITY } from '../spec-support/fidelity';
import { RecordedCloud } from '../spec-support/recorded-cloud';
import { createAzureAdapter } from './azure.adapter';
import { PERMISSIONS } from './azure.permissions';

process.env['WAMI_DESCRIBED_TOKEN'] = 'a-token';
const NOTHING: Changes = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
const called = new Set<string>();
const context: CallContext = { signal: AbortSignal.timeout(60_000), request: (_, send, operation = '') => (called.add(operation), send()) };
/** The sandbox keeps no names of deleted users; azure.recordings.int.spec.ts holds these calls against the description. */
const RESTORING = ['GET /directory/deletedItems/microsoft.graph.user', 'POST /directory/deletedItems/{}/restore'];

function of(kind: string, target: ProviderTarget): ResourceHandler {
  const handler = target.handler(kind);
  if (handler === undefined) throw new Error(`no handler of ${kind}`);
  return handler;
}

function desired(kind: string, name: string, document: Readonly<Record<string, unknown>> = {}, more: Partial<Desired> = {}): Desired {
  return { mark: { instance: 'here', tenant: 'acme', id: `${kind}_${name}`, kind }, document, name, facets: {}, ...more };
}

describe('everything that the adapter asks', () => {
  if (FIDELITY === undefined) it('is left out: the descriptions are not beside the checkout', () => undefined);
  else it.each<[string, (cloud: SandboxAzure) => string]>([
    ['a subscription', ({ subscription: id }) => id], ['a resource group', ({ subscription: id }) => `${id}:resourceGroups:web`], ['a management group', ({ managementGroup: name }) => `managementGroups:${name}`],
  ])('is asked as Microsoft describes it, and answered so by the sandbox: %s', async (_, placed) => {
    const [sandbox, cloud] = [await startSandboxAzure(), await RecordedCloud.start()];
    try {
      cloud.standBefore(sandbox.url);
      const connection: Connection = { provider: 'azure', account: `${sandbox.tenant}:${placed(sandbox)}`, endpoint: cloud.url, credentials: { type: 'bearer', token: 'env:WAMI_DESCRIBED_TOKEN' } };
      const target = createAzureAdapter({ pageSize: 1 }).connect(connection);
      await target.validateCredentials(context);
      const role = await of('policy', target).create(desired('policy', 'role', { providerDocuments: { azure: { actions: ['Microsoft.Compute/disks/read'] } } }), context);
      const group = await of('group', target).create(desired('group', 'staff'), context);
      const ends = { policies: { role: role.observed.nativeArn }, groups: { staff: group.observed.nativeArn } };
      for (const kind of ['user', 'service-account', 'group']) await livesAndDies(of(kind, target), desired(kind, `a-${kind}`, {}, { ends }));
      await livesAndDies(of('policy', target), desired('policy', 'a-policy', { providerDocuments: { azure: { actions: ['*/read'] } } }));
      await of('group', target).update(desired('group', 'staff', {}, { ends }), group.observed, { ...NOTHING, addTo: { policies: ['role'] } }, context);
      await of('policy', target).delete(role.observed, context);
      await keyLivesAndDies(target);
      await trustLivesAndDies(of('service-account', target));
      expect(Object.keys(PERMISSIONS).filter((operation) => !called.has(operation))).toEqual(RESTORING);
      expect(cloud.left()).toEqual([]);
    } finally {
      await cloud.close();
      await sandbox.close();
    }
  });
});

/** Every call that there is for keys, which have claims of their own. */
async function keyLivesAndDies(target: ProviderTarget): Promise<void> {
  const [robot, keys] = [desired('service-account', 'robot'), of('access-key', target)];
  await of('service-account', target).create(robot, context);
  const key = desired('access-key', 'key', { ownerId: robot.mark.id, ownerKind: 'service-account', status: 'active' }, { owner: 'robot' });
  const { observed } = await keys.create(key, context);
  const known = { mark: key.mark, names: [], owner: 'robot', providerResourceId: observed.providerResourceId };
  expect(await keys.observe(known, [], context)).toEqual(observed);
  await keys.delete(observed, context);
  await keys.delete(observed, context);
  expect(await keys.observe(known, [], context)).toBeUndefined();
}

/** Every call that there is for federated credentials. */
async function trustLivesAndDies(accounts: ResourceHandler): Promise<void> {
  const trusting = (subject?: string): Desired => desired('service-account', 'trusting', subject === undefined ? {} : { federation: { github: { issuer: 'https://issuer.example', subject } } });
  const fieldsOf = (wanted: Desired): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(accounts.shape(wanted).fields).filter(([field]) => field === 'federation/github'));
  const { observed, rejected } = await accounts.create(trusting('one'), context);
  expect(rejected).toEqual([]);
  const changed = await accounts.update(trusting('two'), observed, { ...NOTHING, fields: fieldsOf(trusting('two')) }, context);
  const seen = await accounts.observe({ mark: trusting().mark, names: ['trusting'], federation: ['github'] }, [], context);
  expect([changed.rejected, seen?.shape.fields]).toMatchObject([[], fieldsOf(trusting('two'))]);
  const listed: Observed[] = [];
  for await (const page of accounts.list(context)) listed.push(...page);
  expect(listed.find(({ name }) => name === 'trusting')?.shape.fields).toMatchObject(fieldsOf(trusting('two')));
  expect((await accounts.update(trusting(), changed.observed, { ...NOTHING, fields: { 'federation/github': '' } }, context)).rejected).toEqual([]);
  await accounts.delete(observed, context);
}

/** Every call that there is for a kind. */
async function livesAndDies(handler: ResourceHandler, wanted: Desired): Promise<void> {
  const all = Object.fromEntries(handler.facets.map((facet) => [facet, [facet === 'groups' ? 'staff' : 'role']]));
  const { observed, rejected } = await handler.create({ ...wanted, facets: all }, context);
  expect(rejected).toEqual([]);
  const { mark } = wanted;
  const known = { mark, names: [wanted.name], providerResourceId: observed.providerResourceId, nativeArn: observed.nativeArn };
  expect((await handler.observe({ mark, names: [wanted.name] }, handler.facets, context))?.shape).toEqual(observed.shape);
  await handler.update({ ...wanted, name: `${wanted.name}-2` }, observed, { ...NOTHING, fields: { name: `${wanted.name}-2` }, removeFrom: all }, context);
  await handler.release?.(observed, context);
  expect((await handler.observe(known, handler.facets, context))?.mark).toBeUndefined();
  await handler.update(wanted, observed, { ...NOTHING, adopt: true }, context);
  const listed: Observed[] = [];
  for await (const page of handler.list(context)) listed.push(...page);
  expect(listed.find(({ providerResourceId }) => providerResourceId === observed.providerResourceId)?.mark).toEqual(mark);
  await handler.delete(observed, context);
  expect(await handler.observe(known, [], context)).toBeUndefined();
}
