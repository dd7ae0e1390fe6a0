import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import {
  keepConformanceTable,
  keepLeastPrivilege,
  runAdapterConformance,
  startFaultProxy,
  startGcplocal,
  startLocalResourceManager,
  Verdicts,
  type Fault,
  type KindSample,
  type ProxyFault,
  type RunningWitness,
  type Witness,
} from '@wami/testing';
import { GcpHands, PERMISSIONS, type Above } from '../spec-support/gcp-hands';
import { createGcpAdapter } from './gcp.adapter';
import { leastPrivilege, PERMISSIONS as NEEDED } from './gcp.permissions';

const TOKEN = 'ya29.conformance-token-that-must-never-show';
process.env['WAMI_CONFORMANCE_GCP_TOKEN'] = TOKEN;

const SMALL_PAGES = 10;
const PROJECT = 'web-shop';

interface Standing {
  readonly project: string;
  /** For what the connection is, where that is not the project. */
  readonly above?: Above & { readonly account: string; readonly other: string };
  /** Where the adapter calls. */
  readonly endpoint: string;
  /** Where others call; what they do is neither counted nor lost. */
  readonly behind?: { readonly iam: string; readonly resourceManager: string };
  readonly directory?: SandboxGcp['directory'];
  /** What its policies do. */
  readonly denies?: true;
  /** The organisation of its policies, which are principal access boundaries. */
  readonly bounds?: string;
  stop(): Promise<void>;
}

function standing({ project, above, endpoint, behind = { iam: endpoint, resourceManager: endpoint }, directory, denies, bounds, stop }: Standing): RunningWitness {
  const connection: Connection = { provider: 'gcp', account: above?.account ?? project, endpoint, credentials: { type: 'bearer', token: 'env:WAMI_CONFORMANCE_GCP_TOKEN' }, ...(directory ? { directory } : {}), ...(denies ? { denyPolicies: true } : {}), ...(bounds ? { accessBoundaries: `organizations:${bounds}` } : {}) };
  return {
    adapter: createGcpAdapter({ pageSize: SMALL_PAGES }),
    connection,
    ...(above ? { callerName: above.scope.slice(above.scope.indexOf('/') + 1) } : {}),
    otherAccount: { ...connection, account: above?.other ?? 'somebody-elses-project' },
    secrets: [TOKEN],
    hands: new GcpHands({ ...behind, project, ...(above ? { above } : {}), token: TOKEN, ...(directory ? { directory: { ...directory, url: endpoint } } : {}), ...(denies ? { denies } : {}), ...(bounds ? { bounds } : {}) }),
    stop,
  };
}

type Node = (cloud: SandboxGcp) => Standing['above'];
const ofSandbox = (name: string, above: Node, without: Witness['without'] = {}, { denies, bounds, ...more }: Partial<Witness> & Pick<Standing, 'denies'> & { readonly bounds?: true } = {}): Witness => ({
  name,
  without,
  ...more,
  async start() {
    const cloud = await startSandboxGcp();
    const { faults } = cloud;
    const node = above(cloud);
    return {
      ...standing({ project: cloud.project, ...(node ? { above: node } : {}), endpoint: cloud.url, directory: cloud.directory, ...(denies ? { denies } : {}), ...(bounds ? { bounds: cloud.organization } : {}), stop: () => cloud.close() }),
      misbehaviour: {
        can: ['throttle', 'error', 'access-denied', 'credentials-rejected', 'lost-request', 'lost-answer', 'timeout', 'stale-reads'],
        at: (call, fault) => faults.at(call, fault),
        staleReads: (eventualConsistencyMs) => faults.set({ eventualConsistencyMs }),
        heal: () => faults.reset(),
      },
      calls: () => Object.values(cloud.calls()).reduce((sum, count) => sum + count, 0),
    };
  },
});
const IN_PROJECTS = 'service accounts stand in projects';
const NO_ACCOUNTS = { 'service-account': IN_PROJECTS, 'access-key': IN_PROJECTS };
const NO_LIMITS = { 'user, limited': 'who is limited is tried where principal access boundaries are held' };
const sandbox = ofSandbox('sandbox (ours)', () => undefined, NO_LIMITS);
const organization = ofSandbox('sandbox, an organisation', ({ organization: id }) =>
  ({ scope: `organizations/${id}`, rolesIn: `organizations/${id}`, account: `organizations:${id}`, other: 'organizations:999' }), { ...NO_ACCOUNTS, ...NO_LIMITS });
const folder = ofSandbox('sandbox, a folder', ({ organization: id, folder: inside }) =>
  ({ scope: `folders/${inside}`, rolesIn: `organizations/${id}`, account: `organizations:${id}:folders:${inside}`, other: `organizations:${id}:folders:999` }), {
  ...NO_ACCOUNTS, policy: 'custom roles stand in the organisation', user: 'the directory is that of the organisation; what is given in the folder is tried with groups',
});

const denials = ofSandbox('sandbox, policies that deny', () => undefined, { group: 'who is denied something is tried with service accounts', user: 'who is denied something is tried with service accounts', 'access-key': 'keys are tried where nothing is denied' }, {
  denies: true, corner: 'no-', lacks: { 'service-account.cost-create': 'each deny policy is a document of its own: a read and a write of each' },
});

const boundaries = ofSandbox('sandbox, what somebody can reach', () => undefined, { group: 'nothing limits a group', 'service-account': 'WAMI limits users alone at Google', 'access-key': 'keys are tried where nothing is limited' }, { bounds: true });

const OVERWRITES = 'gcplocal overwrites what has the name';
const NO_PAUSE = 'gcplocal can disable no keys';
const emulators: Witness = {
  name: 'gcplocal and LocalResourceManager',
  lacks: {
    names: 'gcplocal accepts illegal names',
    'create-again': OVERWRITES,
    foreign: OVERWRITES,
    'no-secret': OVERWRITES,
    'lost-answer': OVERWRITES,
    'second-page': 'gcplocal answers every listing in one page',
    'issued-inactive': NO_PAUSE,
    'issued-status': NO_PAUSE,
    'issued-owner-gone': 'gcplocal keeps the keys of accounts that are deleted',
    'policies.relation-refused': 'LocalResourceManager gives roles that are not there',
  },
  without: {
    group: 'there is no emulator of Cloud Identity to install; what was recorded of the real one is replayed at the adapter (gcp.fidelity.int.spec.ts)',
    user: 'there is no emulator of the Directory API to install, and nothing was recorded of the real one',
  },
  async start() {
    const [iam, resourceManager] = await Promise.all([startGcplocal(), startLocalResourceManager([PROJECT])]);
    const proxy = await startFaultProxy((path) => (path.startsWith('/v3/') ? resourceManager.endpoint : iam.endpoint));
    const can: readonly Fault[] = ['lost-request', 'lost-answer', 'timeout'];
    return {
      ...standing({
        project: PROJECT, endpoint: proxy.url, behind: { iam: iam.endpoint, resourceManager: resourceManager.endpoint },
        stop: async () => {
          await proxy.close();
          await Promise.all([iam.stop(), resourceManager.stop()]);
        },
      }),
      misbehaviour: { can, at: (call, fault) => proxy.at(call, fault as ProxyFault), staleReads: () => undefined, heal: () => proxy.heal() },
      calls: () => proxy.calls(),
    };
  },
};

const ROLE = { title: 'Reads roles', stage: 'GA', includedPermissions: PERMISSIONS };
const atGoogle = (changed: object) => ({ gcp: { ...ROLE, ...changed } });
const DOCUMENT = { document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' }] } };
const policy: KindSample = {
  kind: 'policy',
  document: { ...DOCUMENT, description: 'Reads reports', providerDocuments: atGoogle({}) },
  goodNames: ['p'.repeat(64), 'A_z0.', 'abc'],
  badNames: ['p'.repeat(65), 'ab', 'with blank', 'größe', 'a-b-c'],
  caseInsensitive: false,
  rename: false,
  changes: [
    { field: 'includedPermissions', key: 'providerDocuments', value: atGoogle({ includedPermissions: ['iam.serviceAccounts.get'] }) },
    { field: 'title', key: 'providerDocuments', value: atGoogle({ includedPermissions: ['iam.serviceAccounts.get'], title: 'Reads accounts' }) },
    { field: 'stage', key: 'providerDocuments', value: atGoogle({ includedPermissions: ['iam.serviceAccounts.get'], title: 'Reads accounts', stage: 'DEPRECATED' }) },
    { field: 'description', value: 'Reads all reports' },
  ],
  respelled: { providerDocuments: atGoogle({ includedPermissions: [...PERMISSIONS, ...PERMISSIONS].reverse() }) },
  tags: false,
  unhindered: true,
  adoptable: true,
};
const DENIED = ['iam.googleapis.com/roles.create', 'iam.googleapis.com/roles.delete'];
const CONDITION = { title: 'Not in tests', expression: "!resource.matchTag('123456789012/env', 'test')" };
const deniedAt = (changed: object, more: object = {}) => ({ gcp: { displayName: 'No roles', rules: [{ description: 'Makes no roles', denyRule: { deniedPermissions: DENIED, ...changed } }], ...more } });
const denial: KindSample = {
  ...policy,
  document: { ...DOCUMENT, providerDocuments: deniedAt({}) },
  goodNames: [`n-${'o'.repeat(61)}`, 'a-.9', 'no-'],
  badNames: [`n-${'o'.repeat(62)}`, 'a-', 'No-roles', 'no_roles-', '9-roles', 'no-größe', 'no- blank'],
  changes: [
    { field: 'rules', key: 'providerDocuments', value: deniedAt({ deniedPermissions: ['iam.googleapis.com/roles.*'], exceptionPermissions: ['iam.googleapis.com/roles.get'], denialCondition: CONDITION }) },
    { field: 'displayName', key: 'providerDocuments', value: deniedAt({ deniedPermissions: ['iam.googleapis.com/roles.*'], exceptionPermissions: ['iam.googleapis.com/roles.get'], denialCondition: CONDITION }, { displayName: 'Zoë: no roles' }) },
  ],
  respelled: { providerDocuments: deniedAt({ deniedPermissions: [...DENIED, ...DENIED].reverse(), exceptionPermissions: [] }) },
};
const serviceAccount: KindSample = {
  kind: 'service-account',
  document: { displayName: 'Deployer', description: 'Deploys the web shop' },
  goodNames: ['s'.repeat(30), 'abcdef', 'a--b-9'],
  badNames: ['s'.repeat(31), 'short', 'Upper-case', 'ends-with-', '9starts', 'with_underscore'],
  caseInsensitive: false,
  rename: false,
  changes: [
    { field: 'displayName', value: 'Zoë 100% £' },
    { field: 'description', value: 'Deploys [managed-by=nobody] everything' },
  ],
  tags: false,
  unhindered: true,
  adoptable: true,
  relation: { facet: 'policies', kind: 'policy', document: { ...DOCUMENT, providerDocuments: atGoogle({}) } },
};

const key: KindSample = {
  kind: 'access-key', document: {}, goodNames: [], badNames: [], caseInsensitive: false, rename: false, changes: [], tags: false, adoptable: false,
  issued: { owner: 'service-account', most: 10, useUntold: true },
};

const group: KindSample = {
  kind: 'group',
  document: {},
  goodNames: ['g'.repeat(64), "o_reilly's-team.1", 'Mixed.Case'],
  badNames: ['h'.repeat(65), 'with+plus', 'two..dots', '.dot', 'with blank', 'größe', 'abuse'],
  caseInsensitive: true,
  rename: false,
  changes: [],
  tags: false,
  unhindered: true,
  adoptable: true,
  relation: { facet: 'policies', kind: 'policy', document: { ...DOCUMENT, providerDocuments: atGoogle({}) } },
};

const user: KindSample = {
  kind: 'user',
  document: { displayName: 'Ann Person' },
  goodNames: ['u'.repeat(64), "o_reilly's-mail.1"],
  badNames: ['v'.repeat(65), 'with+plus', 'two..dots', '.dot', 'with blank', 'größe', 'postmaster'],
  caseInsensitive: true,
  rename: true,
  changes: [{ field: 'displayName', value: 'Ann Maria de la Cruz' }, { field: 'displayName', value: 'Zoë' }],
  respelled: { displayName: ' Ann  Person ' },
  tags: false,
  unhindered: true,
  adoptable: true,
  relation: { facet: 'groups', kind: 'group', document: {} },
  otherRelations: [{ facet: 'policies', kind: 'policy', document: { ...DOCUMENT, providerDocuments: atGoogle({}) } }],
};

const denied: KindSample = { ...serviceAccount, relation: { facet: 'policies', kind: 'policy', document: denial.document } };

const reachAt = (details: object, more: object = {}) => ({ gcp: { displayName: 'The shop', ...more, details } });
const REACHED = ['//cloudresourcemanager.googleapis.com/folders/123', '//cloudresourcemanager.googleapis.com/projects/web-shop'];
const [SHOP, MORE] = [{ description: 'The shop', resources: REACHED, effect: 'ALLOW' }, { resources: ['//cloudresourcemanager.googleapis.com/organizations/456'], effect: 'ALLOW' }];
const reach: KindSample = {
  ...policy, corner: 'pab-',
  document: { ...DOCUMENT, providerDocuments: reachAt({ rules: [SHOP], enforcementVersion: '3' }) },
  goodNames: [`pab-${'o'.repeat(59)}`, 'pab-', 'a.pab-9', 'a-pab-.'],
  badNames: [`pab-${'o'.repeat(60)}`, 'Pab-roles', 'pab-_x', '9-pab-x', 'pab-größe', 'pab- blank'],
  changes: [
    { field: 'rules', key: 'providerDocuments', value: reachAt({ rules: [SHOP, MORE], enforcementVersion: '3' }) },
    { field: 'enforcementVersion', key: 'providerDocuments', value: reachAt({ rules: [SHOP, MORE], enforcementVersion: '4' }) },
    { field: 'displayName', key: 'providerDocuments', value: reachAt({ rules: [SHOP, MORE], enforcementVersion: '4' }, { displayName: 'Zoë: the shop' }) },
  ],
  respelled: { providerDocuments: reachAt({ rules: [{ ...SHOP, resources: [...REACHED, ...REACHED].reverse() }], enforcementVersion: '3' }) },
};
const limited: KindSample = { ...user, goodNames: ['l'.repeat(64), "o_reilly's-limit.1"], form: 'limited', corner: 'pab-', otherRelations: [], boundary: { kind: 'policy', document: reach.document } };

const ANEW = 'no claim makes a role anew that was deleted';
const SELDOM = { 'iam.organizations.locations.operations.get': 'every operation has ended once the sandbox answers; one that goes on is asked for in access-boundaries.int.spec.ts', 'iam.organizations.locations.policyBindings.patch': 'a binding is changed where others changed it, or when it is let go, as access-boundaries.int.spec.ts tries', 'iam.policies.operations.get': 'every operation has ended once the sandbox answers, as in all recordings; one that goes on is asked for in deny-policies.int.spec.ts', 'iam.organizations.roles.undelete': ANEW, 'iam.projects.roles.undelete': ANEW };

describe('the Google Cloud adapter', () => {
  const verdicts = new Verdicts('Google Cloud');
  for (const witness of [sandbox, organization, folder, emulators]) runAdapterConformance(witness, [serviceAccount, policy, group, user, limited, key], verdicts);
  runAdapterConformance(denials, [denied, denial, group, user, limited, key], verdicts);
  runAdapterConformance(boundaries, [serviceAccount, reach, group, user, limited, key], verdicts);
  keepLeastPrivilege(join(__dirname, '../../../../infra/least-privilege'), { permissions: NEEDED, seldom: SELDOM, files: leastPrivilege() }, verdicts);
  keepConformanceTable(join(__dirname, '../../../../docs/conformance.md'), verdicts);
});
