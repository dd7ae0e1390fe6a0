import { join } from 'node:path';
import { FEDERATION, type Connection } from '@wami/provider-port';
import { DEFAULT_DOMAIN, startSandboxAzure, type SandboxAzure } from '@wami/sandbox';
import { keepConformanceTable, keepLeastPrivilege, runAdapterConformance, Verdicts, type KindSample, type Witness } from '@wami/testing';
import { ACTIONS, AzureHands } from '../spec-support/azure-hands';
import { createAzureAdapter } from './azure.adapter';
import { leastPrivilege, PERMISSIONS } from './azure.permissions';

const TOKEN = 'eyJhbGciOiJub25lIn0.a-token-that-must-never-show.x';
process.env['WAMI_CONFORMANCE_TOKEN'] = TOKEN;

const SMALL_PAGES = 10;

/** What stands behind the tenant in an account, and the scope that it means. */
type Where = (cloud: SandboxAzure) => readonly [account: string, scope: string];

const ofSandbox = (name: string, where: Where, without: Witness['without'] = {}): Witness => ({
  name,
  without,
  lacks: { 'policy.second-page': 'Azure answers all custom roles in one page' },
  async start() {
    const cloud = await startSandboxAzure();
    const { faults, url, tenant } = cloud;
    const [place, scope] = where(cloud);
    const connection: Connection = { provider: 'azure', account: `${tenant}:${place}`, endpoint: url, credentials: { type: 'bearer', token: 'env:WAMI_CONFORMANCE_TOKEN' } };
    return {
      adapter: createAzureAdapter({ pageSize: SMALL_PAGES }),
      connection,
      otherAccount: { ...connection, account: `other.example:${place}` },
      callerName: tenant,
      secrets: [TOKEN],
      hands: new AzureHands({ url, scope, domain: DEFAULT_DOMAIN }),
      misbehaviour: {
        can: ['throttle', 'error', 'access-denied', 'credentials-rejected', 'lost-request', 'lost-answer', 'timeout', 'stale-reads'],
        at: (call, fault) => faults.at(call, fault),
        staleReads: (eventualConsistencyMs) => faults.set({ eventualConsistencyMs }),
        heal: () => faults.reset(),
      },
      calls: () => Object.values(cloud.calls()).reduce((sum, count) => sum + count, 0),
      stop: () => cloud.close(),
    };
  },
});
const IN_TENANT = 'it stands in the tenant, wherever roles are given; what is attached there is tried with groups';
const ELSEWHERE = { user: IN_TENANT, 'service-account': IN_TENANT, 'access-key': IN_TENANT };
const sandbox = ofSandbox('sandbox (ours)', ({ subscription }) => [subscription, `/subscriptions/${subscription}`]);
const resourceGroup = ofSandbox('sandbox, a resource group', ({ subscription }) => [`${subscription}:resourceGroups:web`, `/subscriptions/${subscription}/resourceGroups/web`], ELSEWHERE);
const managementGroup = ofSandbox('sandbox, a management group', ({ managementGroup: group }) => [`managementGroups:${group}`, `/providers/Microsoft.Management/managementGroups/${group}`], ELSEWHERE);

const ROLE = { azure: { actions: ACTIONS } };
const ATTACHED = { facet: 'policies', kind: 'policy', document: { providerDocuments: ROLE } };
const common = { caseInsensitive: true, rename: true, changes: [], tags: false, adoptable: true, unhindered: true } as const;
const user: KindSample = {
  ...common,
  kind: 'user',
  document: { displayName: 'Ann Other' },
  goodNames: ['u'.repeat(64), "a.b-c_d'e!f#g^h~i", 'x'],
  badNames: ['u'.repeat(65), 'with blank', 'jörg', 'a/b', '.dot', 'dot.'],
  changes: [{ field: 'displayName', value: 'Änn Öther' }],
  relation: { facet: 'groups', kind: 'group' },
  otherRelations: [ATTACHED],
};
const group: KindSample = {
  ...common,
  kind: 'group',
  document: {},
  goodNames: ['g'.repeat(256), 'Größe & Länge + "50%" / #1\'s', 'y'],
  badNames: ['g'.repeat(257)],
  madeBy: 2,
  renamedBy: 2,
  relation: ATTACHED,
};
const serviceAccount: KindSample = {
  ...common,
  kind: 'service-account',
  document: {},
  goodNames: ['s'.repeat(256), 'Größe & Länge', 's'],
  badNames: ['s'.repeat(257)],
  madeBy: 3,
  renamedBy: 2,
  relation: ATTACHED,
  parts: [FEDERATION],
};
const policy: KindSample = {
  ...common,
  kind: 'policy',
  document: { description: 'Reads what there is', providerDocuments: ROLE },
  goodNames: ['p'.repeat(512), 'Größe & Länge', 'z'],
  badNames: ['p'.repeat(513)],
  changes: [
    { field: 'document', key: 'providerDocuments', value: { azure: { actions: ['*/read'], notActions: ['Microsoft.KeyVault/vaults/read'] } } },
    { field: 'description', value: 'Reads nearly everything' },
  ],
  respelled: { providerDocuments: { azure: { actions: [...ACTIONS.map((action) => action.toLowerCase()).reverse(), ...ACTIONS], notActions: [] } } },
  unhindered: false,
  renamedBy: 2,
};

const key: KindSample = { kind: 'access-key', document: {}, goodNames: [], badNames: [], caseInsensitive: false, rename: false, changes: [], tags: false, adoptable: false, madeBy: 2, issued: { owner: 'service-account', marked: true, lasting: true, ownersChangeNames: true } };

const SELDOM = { 'POST /directory/deletedItems/{}/restore': 'no claim makes a user anew that was deleted' };

describe('the Azure adapter', () => {
  const verdicts = new Verdicts('Azure');
  for (const witness of [sandbox, resourceGroup, managementGroup]) runAdapterConformance(witness, [user, group, policy, serviceAccount, key], verdicts);
  keepLeastPrivilege(join(__dirname, '../../../../infra/least-privilege'), { permissions: PERMISSIONS, seldom: SELDOM, files: leastPrivilege() }, verdicts);
  keepConformanceTable(join(__dirname, '../../../../docs/conformance.md'), verdicts);
});
