import { join } from 'node:path';
import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteUserCommand,
  IAMClient,
  ListGroupsCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Connection } from '@wami/provider-port';
import { startSandboxAws } from '@wami/sandbox';
import {
  keepConformanceTable,
  runAdapterConformance,
  startFaultProxy,
  startMinistack,
  startMoto,
  Verdicts,
  type Emulator,
  type Fault,
  type ForeignHands,
  type KindSample,
  type ProxyFault,
  type RunningWitness,
  type Witness,
} from '@wami/testing';
import { createAwsAdapter } from './aws.adapter';

const KEY_ID = 'AKIACONFORMANCE00001';
const SECRET = 'a/secret+that=must/never/show';
process.env['WAMI_CONFORMANCE_KEY_ID'] = KEY_ID;
process.env['WAMI_CONFORMANCE_SECRET'] = SECRET;

const SMALL_PAGES = 10;
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }] });

/** What keeps a user from being deleted at this witness. */
type Hindrance = (iam: IAMClient, user: { readonly UserName: string }) => Promise<unknown>;
const accessKey: Hindrance = (iam, user) => iam.send(new CreateAccessKeyCommand(user));
const loginProfile: Hindrance = (iam, user) => iam.send(new CreateLoginProfileCommand({ ...user, Password: 'Correct-horse-9' }));
const inlinePolicy: Hindrance = (iam, user) =>
  iam.send(new PutUserPolicyCommand({ ...user, PolicyName: 'foreign', PolicyDocument: POLICY }));

class AwsHands implements ForeignHands {
  private readonly iam: IAMClient;

  constructor(
    endpoint: string,
    private readonly hindrances: readonly Hindrance[],
  ) {
    this.iam = new IAMClient({
      endpoint,
      region: 'us-east-1',
      maxAttempts: 3,
      credentials: { accessKeyId: KEY_ID, secretAccessKey: SECRET },
    });
  }

  async create(kind: string, name: string): Promise<void> {
    await (kind === 'user'
      ? this.iam.send(new CreateUserCommand({ UserName: name }))
      : this.iam.send(new CreateGroupCommand({ GroupName: name })));
  }

  async deleteBarely(kind: string, name: string): Promise<void> {
    await (kind === 'user'
      ? this.iam.send(new DeleteUserCommand({ UserName: name }))
      : this.iam.send(new DeleteGroupCommand({ GroupName: name })));
  }

  async hinder(kind: string, name: string): Promise<void> {
    if (kind === 'user') {
      for (const hindrance of this.hindrances) await hindrance(this.iam, { UserName: name });
      return;
    }
    await this.create('user', `${name}-member`);
    await this.iam.send(new AddUserToGroupCommand({ GroupName: name, UserName: `${name}-member` }));
  }

  async names(kind: string): Promise<readonly string[]> {
    const all: string[] = [];
    for (let Marker: string | undefined, first = true; first || Marker !== undefined; first = false) {
      const page =
        kind === 'user' ? await this.iam.send(new ListUsersCommand({ Marker })) : await this.iam.send(new ListGroupsCommand({ Marker }));
      all.push(...('Users' in page ? (page.Users ?? []) : []).map(({ UserName = '' }) => UserName));
      all.push(...('Groups' in page ? (page.Groups ?? []) : []).map(({ GroupName = '' }) => GroupName));
      Marker = page.Marker;
    }
    return all;
  }

  close(): void {
    this.iam.destroy();
  }
}

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
  const hands = new AwsHands(behind, hindrances);
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

const sandbox: Witness = {
  name: 'sandbox (ours)',
  async start() {
    const cloud = await startSandboxAws();
    const { faults } = cloud;
    return {
      ...standing({ endpoint: cloud.url, account: cloud.account, hindrances: [accessKey, loginProfile], stop: () => cloud.close() }),
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
  const proxy = await startFaultProxy(emulator.endpoint);
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
const moto: Witness = {
  name: 'moto',
  lacks: {
    names: 'it accepts illegal names',
    'other-case': 'it tells names apart by case',
    'user.rename-taken': 'it renames a user over another',
    'user.lost-rename': 'it loses the tags of a user that is renamed',
    'group.release': PATH_WITH_NAME,
    'release-other-end': PATH_WITH_NAME,
    'second-page': 'it answers every listing in one page',
    'group.delete-hindered': 'it deletes a group with members',
  },
  start: async () => behindProxy(await startMoto(), '123456789012', [accessKey, inlinePolicy]),
};

const NO_UPDATE = 'it has neither UpdateUser nor UpdateGroup';
const ministack: Witness = {
  name: 'ministack',
  lacks: {
    names: 'it accepts illegal names',
    'other-case': 'it tells names apart by case',
    rename: NO_UPDATE,
    'rename-taken': NO_UPDATE,
    'lost-rename': NO_UPDATE,
    'lost-rename.mended': NO_UPDATE,
    field: NO_UPDATE,
    'group.release': NO_UPDATE,
    'release-other-end': NO_UPDATE,
    'second-page': 'it answers every listing in one page',
    'group.delete-hindered': 'it deletes a group with members',
  },
  start: async () => behindProxy(await startMinistack(), '000000000000', [accessKey, loginProfile]),
};

const EDGE_CHARACTERS = 'A_z0+=,.@-';
const user: KindSample = {
  kind: 'user',
  document: { path: '/staff/', tags: { team: 'core' } },
  goodNames: ['u'.repeat(64), EDGE_CHARACTERS, 'x'],
  badNames: ['u'.repeat(65), 'with blank', 'jörg', 'a/b'],
  caseInsensitive: true,
  change: { field: 'path', value: '/moved/here/' },
  tags: true,
  adoptable: true,
  relation: { facet: 'groups', kind: 'group' },
};
const group: KindSample = {
  kind: 'group',
  document: {},
  goodNames: ['g'.repeat(128), EDGE_CHARACTERS, 'y'],
  badNames: ['g'.repeat(129), 'with blank', 'größe', 'a/b'],
  caseInsensitive: true,
  tags: false,
  adoptable: false,
};

describe('the AWS adapter', () => {
  const verdicts = new Verdicts('AWS');
  for (const witness of [sandbox, moto, ministack]) runAdapterConformance(witness, [user, group], verdicts);
  keepConformanceTable(join(__dirname, '../../../../docs/conformance.md'), verdicts);
});
