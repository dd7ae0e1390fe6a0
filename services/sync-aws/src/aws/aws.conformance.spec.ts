import { join } from 'node:path';
import { INLINE_POLICIES, type Connection } from '@wami/provider-port';
import { startSandboxAws } from '@wami/sandbox';
import {
  keepConformanceTable,
  keepLeastPrivilege,
  runAdapterConformance,
  startFaultProxy,
  startMinistack,
  startMoto,
  Verdicts,
  type Emulator,
  type Fault,
  type KindSample,
  type ProxyFault,
  type RunningWitness,
  type Witness,
} from '@wami/testing';
import { accessKey, AwsHands, inlinePolicy, loginProfile, mfaDevice, POLICY_PATH, READ, TRUST, type Hindrance } from '../spec-support/aws-hands';
import { oidc, saml } from '../spec-support/provider-samples';
import { AwsDescription } from '../spec-support/aws-description';
import { createAwsAdapter } from './aws.adapter';
import { leastPrivilege, PERMISSIONS } from './aws.permissions';

const KEY_ID = 'AKIACONFORMANCE00001';
const SECRET = 'a/secret+that=must/never/show';
process.env['WAMI_CONFORMANCE_KEY_ID'] = KEY_ID;
process.env['WAMI_CONFORMANCE_SECRET'] = SECRET;

const SMALL_PAGES = 10;

interface Standing {
  /** Where the adapter calls. */
  readonly endpoint: string;
  /** Where others call; what they do is neither counted nor lost. */
  readonly behind?: string;
  readonly account: string;
  readonly hindrances: readonly Hindrance[];
  stop(): Promise<void>;
}

function standing({ endpoint, behind = endpoint, account, hindrances, stop }: Standing): RunningWitness {
  const hands = new AwsHands({ endpoint: behind, accessKeyId: KEY_ID, secretAccessKey: SECRET }, hindrances);
  const credentials = { type: 'static', accessKeyId: 'env:WAMI_CONFORMANCE_KEY_ID', secretAccessKey: 'env:WAMI_CONFORMANCE_SECRET' };
  const connection: Connection = { provider: 'aws', account, endpoint, credentials };
  return {
    adapter: createAwsAdapter({ pageSize: SMALL_PAGES }),
    connection,
    otherAccount: { ...connection, account: '999999999999' },
    secrets: [SECRET, KEY_ID],
    hands,
    stop: async () => {
      hands.close();
      await stop();
    },
  };
}

/** What of all that the adapter sent, and of what our own sandbox answered, is not as AWS's own model of the operation says. */
const undescribed = new Set<string>();
const described = AwsDescription.load();

const sandbox: Witness = {
  name: 'sandbox (ours)',
  async start() {
    const cloud = await startSandboxAws();
    const description = await described;
    const proxy = await startFaultProxy(cloud.url, (exchange) => [...description.request(exchange), ...description.answer(exchange)].forEach((fault) => undescribed.add(fault)));
    const { faults } = cloud;
    const stop = async () => {
      await proxy.close();
      await cloud.close();
    };
    return {
      ...standing({ endpoint: proxy.url, behind: cloud.url, account: cloud.account, hindrances: [accessKey, loginProfile, inlinePolicy, mfaDevice()], stop }),
      misbehaviour: {
        can: ['throttle', 'error', 'access-denied', 'credentials-rejected', 'lost-request', 'lost-answer', 'timeout', 'stale-reads'],
        at: (call, fault) => faults.at(call, fault),
        staleReads: (eventualConsistencyMs) => faults.set({ eventualConsistencyMs }),
        heal: () => faults.reset(),
      },
      calls: () => Object.values(cloud.calls()).reduce((sum, count) => sum + count, 0),
    };
  },
};

/** An emulator behind a proxy that loses requests and answers: what really happened is the emulator's to say. */
async function behindProxy(emulator: Emulator, account: string, hindrances: readonly Hindrance[]): Promise<RunningWitness> {
  const description = await described;
  const proxy = await startFaultProxy(emulator.endpoint, (exchange) => description.request(exchange).forEach((fault) => undescribed.add(fault)));
  const can: readonly Fault[] = ['lost-request', 'lost-answer', 'timeout'];
  const stop = async () => {
    await proxy.close();
    await emulator.stop();
  };
  return {
    ...standing({ endpoint: proxy.url, behind: emulator.endpoint, account, hindrances, stop }),
    misbehaviour: {
      can,
      at: (call, fault) => proxy.at(call, fault as ProxyFault),
      staleReads: () => undefined,
      heal: () => proxy.heal(),
    },
    calls: () => proxy.calls(),
  };
}

const PATH_WITH_NAME = 'it moves a group to another path only with a new name';
const NO_USER_BOUNDARIES = 'it has no permissions boundaries of users';
const NO_CLIENT_CHANGES = 'it has neither AddClientIDToOpenIDConnectProvider nor RemoveClientIDFromOpenIDConnectProvider';
const moto: Witness = {
  name: 'moto',
  lacks: {
    names: 'it accepts illegal names',
    'other-case': 'it tells names apart by case',
    'user.rename-taken': 'it renames a user over another',
    'service-account.rename-taken': 'it renames a user over another',
    'user.lost-rename': 'it loses the tags of a user that is renamed',
    'service-account.lost-rename': 'it loses the tags of a user that is renamed',
    'group.release': PATH_WITH_NAME,
    'groups.release-other-end': PATH_WITH_NAME,
    'policies.relation-other-end-gone': 'it deletes a policy that is attached and leaves it attached',
    'second-page': 'it answers every listing in one page',
    'group.delete-hindered': 'it deletes a group with members',
    'policy.delete-hindered': 'it deletes a policy that is attached',
    'policy.list': 'its bulk read leaves out name and id of a policy',
    'user.boundary': NO_USER_BOUNDARIES,
    'user.boundary-absent': NO_USER_BOUNDARIES,
    'user.boundary-listed': NO_USER_BOUNDARIES,
    'role.boundary-absent': 'it takes a policy that is not there for a boundary',
    'boundary-delete': 'it deletes a policy that is a boundary',
    'access-key.issued-renamed-delete': 'it deletes a key by the name that its user had when it was made',
    'identity-provider, OIDC.field': NO_CLIENT_CHANGES,
    'identity-provider, OIDC.field-often': NO_CLIENT_CHANGES,
  },
  without: { 'identity-provider, SAML': 'it keeps no tags of a SAML provider, so none there could be ours' },
  start: async () => behindProxy(await startMoto(), '123456789012', [accessKey, inlinePolicy, mfaDevice()]),
};

const NO_UPDATE = 'it has neither UpdateUser nor UpdateGroup';
const ministack: Witness = {
  name: 'ministack',
  lacks: {
    names: 'it accepts illegal names',
    'other-case': 'it tells names apart by case',
    rename: NO_UPDATE,
    'renamed-by-others': NO_UPDATE,
    'issued-renamed-by-others': NO_UPDATE,
    'issued-renamed-delete': NO_UPDATE,
    'rename-taken': NO_UPDATE,
    'lost-rename': NO_UPDATE,
    'lost-rename.mended': NO_UPDATE,
    'user.field': NO_UPDATE,
    'service-account.field': NO_UPDATE,
    'group.release': NO_UPDATE,
    'groups.release-other-end': NO_UPDATE,
    'policies.relation-refused': 'it attaches policies that are not there',
    'second-page': 'it answers every listing in one page',
    'group.delete-hindered': 'it deletes a group with members',
    'boundary-absent': 'it takes a policy that is not there for a boundary',
    'boundary-listed': 'its bulk read leaves boundaries out',
    'boundary-delete': 'it deletes a policy that is a boundary',
    'issued-used': 'it does not note that a key was used',
    'login-profile.issued-owner-gone': 'it keeps the login profile of a user that is deleted',
    'identity-provider, OIDC.field': NO_CLIENT_CHANGES,
    'identity-provider, OIDC.field-often': NO_CLIENT_CHANGES,
    ...Object.fromEntries(['tags', 'adopt', 'release'].flatMap((claim) => ['OIDC', 'SAML'].map((form) => [`identity-provider, ${form}.${claim}`, 'it tags an identity provider only when it is made']))),
  },
  without: { 'mfa-device': 'its seeds are no text in base 32, so they have no codes' },
  start: async () => behindProxy(await startMinistack(), '000000000000', [accessKey, loginProfile, mfaDevice(() => ['123456', '654321'])]),
};

const EDGE_CHARACTERS = 'A_z0+=,.@-';
const ATTACHED = { facet: 'policies', kind: 'policy', document: { document: READ } };
const person: KindSample = {
  kind: 'user',
  document: { path: '/staff/', tags: { team: 'core' } },
  goodNames: ['u'.repeat(64), EDGE_CHARACTERS, 'x'],
  badNames: ['u'.repeat(65), 'with blank', 'jörg', 'a/b'],
  caseInsensitive: true,
  rename: true,
  changes: [{ field: 'path', value: '/moved/here/' }],
  tags: true,
  adoptable: true,
  relation: { facet: 'groups', kind: 'group' },
  otherRelations: [ATTACHED],
  parts: [INLINE_POLICIES],
};
const serviceAccount: KindSample = {
  ...person,
  kind: 'service-account',
  goodNames: ['s'.repeat(64), `s${EDGE_CHARACTERS}`, 's'],
  relation: ATTACHED,
  otherRelations: [],
  listsOwnOnly: true,
};
const user: KindSample = { ...person, boundary: ATTACHED };
const group: KindSample = {
  kind: 'group',
  document: {},
  goodNames: ['g'.repeat(128), EDGE_CHARACTERS, 'y'],
  badNames: ['g'.repeat(129), 'with blank', 'größe', 'a/b'],
  caseInsensitive: true,
  rename: true,
  changes: [],
  tags: false,
  adoptable: false,
  relation: ATTACHED,
  parts: [INLINE_POLICIES],
};
const policy: KindSample = {
  kind: 'policy',
  document: { path: POLICY_PATH, tags: { team: 'core' }, description: 'Reads reports', document: READ },
  goodNames: ['p'.repeat(128), EDGE_CHARACTERS, 'z'],
  badNames: ['p'.repeat(129), 'with blank', 'größe', 'a/b'],
  caseInsensitive: true,
  rename: false,
  changes: [
    {
      field: 'document',
      value: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringLike: { 'aws:username': 'Zoë 100% £ 漢字*' } } }] },
    },
  ],
  respelled: {
    document: {
      Statement: { Resource: ['arn:aws:s3:::reports/*'], Action: ['S3:ListBucket', 's3:getObject', 's3:GetObject'], Sid: 'Other', Effect: 'Allow' },
      Version: '2012-10-17',
    },
  },
  tags: true,
  adoptable: true,
};
const role: KindSample = {
  kind: 'role',
  document: { path: '/service/', tags: { team: 'core' }, description: 'Writes reports', maxSessionDuration: 7_200, trustPolicy: TRUST },
  goodNames: ['r'.repeat(64), EDGE_CHARACTERS, 'w'],
  badNames: ['r'.repeat(65), 'with blank', 'größe', 'a/b'],
  caseInsensitive: true,
  rename: false,
  changes: [
    { field: 'maxSessionDuration', value: 43_200 },
    { field: 'description', value: 'Writes all reports' },
    { field: 'trustPolicy', value: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] } },
  ],
  respelled: {
    trustPolicy: {
      Statement: {
        Action: ['sts:assumeRole'],
        Principal: { AWS: ['arn:aws:iam::123456789012:root'], Service: ['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
        Effect: 'Allow',
      },
      Version: '2012-10-17',
    },
  },
  tags: true,
  adoptable: true,
  relation: ATTACHED,
  boundary: ATTACHED,
  parts: [INLINE_POLICIES],
};

const key: KindSample = { kind: 'access-key', document: {}, goodNames: [], badNames: [], caseInsensitive: false, rename: false, changes: [], tags: false, adoptable: false, issued: { owner: 'user', most: 2, ownersChangeNames: true } };
const device: KindSample = { ...key, kind: 'mfa-device', issued: { owner: 'user', most: 8, marked: true, lasting: true, ownersChangeNames: true } };
const profile: KindSample = { ...key, kind: 'login-profile', issued: { owner: 'user', most: 1, ownersChangeNames: true } };

const HINDRANCE = 'no witness hangs it on anything that the claims delete';
const SELDOM = Object.fromEntries(
  [
    'DeleteSSHPublicKey', 'DeleteServiceSpecificCredential', 'DeleteSigningCertificate', 'ListSSHPublicKeys',
    'ListServiceSpecificCredentials', 'ListSigningCertificates', 'RemoveRoleFromInstanceProfile',
  ].map((operation) => [operation, HINDRANCE]),
);

describe('the AWS adapter', () => {
  const verdicts = new Verdicts('AWS');
  for (const witness of [sandbox, moto, ministack]) runAdapterConformance(witness, [user, group, policy, role, serviceAccount, key, profile, device, oidc, saml], verdicts);
  keepLeastPrivilege(join(__dirname, '../../../../infra/least-privilege'), { permissions: PERMISSIONS, seldom: SELDOM, files: leastPrivilege() }, verdicts);
  keepConformanceTable(join(__dirname, '../../../../docs/conformance.md'), verdicts);

  it("every request, and every answer of our sandbox, is as AWS's own model of the operation says", async () => {
    const { operations } = await described;
    expect([...undescribed]).toEqual([]);
    expect(Object.keys(PERMISSIONS).filter((operation) => !operations.has(operation) && !(operation in SELDOM))).toEqual([]);
  });
});
