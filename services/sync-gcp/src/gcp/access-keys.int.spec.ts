import type { Observed, ProviderTarget, ResourceHandler } from '@wami/provider-port';
import { startSandboxGcp, type SandboxGcp } from '@wami/sandbox';
import { callContext, handlerAt, keyOfRobot, keysAtSandboxForEach, ROBOT } from '@wami/testing';
import { startRecordingServer } from '../spec-support/recording-server';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_KEYS_TOKEN'] = 'spec-token';
const PROJECT = 'web-shop';
const connect = (endpoint: string): ProviderTarget => createGcpAdapter().connect({ provider: 'gcp', account: PROJECT, endpoint, credentials: { type: 'bearer', token: 'env:SPEC_GCP_KEYS_TOKEN' } });
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };

const known = (id: string, { providerResourceId }: Observed) => ({ mark: keyOfRobot(id).mark, names: [], owner: ROBOT.name, providerResourceId });

describe('keys of service accounts of Google', () => {
  let cloud: SandboxGcp;
  let keys: ResourceHandler;
  const standing = (): readonly string[] => cloud.snapshot().serviceAccounts.flatMap((account) => account.keys.map(({ id }) => id));

  keysAtSandboxForEach(() => startSandboxGcp({ project: PROJECT }), connect, (found) => ({ cloud, keys } = found));

  it('have the file that programs sign in with as their secret, which stands nowhere else', async () => {
    const { observed, secret = '' } = await keys.create(keyOfRobot('aky_1'), callContext());
    const file = JSON.parse(secret) as Record<string, string>;
    expect([file['private_key_id'], file['client_email'], file['project_id']]).toEqual([observed.providerResourceId, `build-robot@${PROJECT}.iam.gserviceaccount.com`, PROJECT]);
    expect(observed.nativeArn).toBe(`projects/${PROJECT}/serviceAccounts/build-robot@${PROJECT}.iam.gserviceaccount.com/keys/${observed.providerResourceId}`);
    const again = await keys.observe(known('aky_1', observed), [], callContext());
    expect([again, JSON.stringify(again).includes('PRIVATE')]).toEqual([observed, false]);
  });

  it('wait for their account: while that is not to be seen none is made, and none is taken for absent that may have been', async () => {
    for (const work of [keys.prepare?.(keyOfRobot('aky_1', 'nobody-yet'), callContext()), keys.create(keyOfRobot('aky_1', 'nobody-yet'), callContext())]) await expect(work).rejects.toMatchObject({ code: 'DependencyNotReady', options: { effect: 'none' } });
    const lost = { mark: keyOfRobot('aky_1').mark, names: [], owner: 'nobody-yet' };
    await expect(keys.observe({ ...lost, groundwork: { had: [], at: Date.now() } }, [], callContext())).rejects.toMatchObject({ code: 'DependencyNotReady' });
    expect(await keys.observe({ ...lost, providerResourceId: 'f'.repeat(40) }, [], callContext())).toBeUndefined();
  });

  it('that are one too many are refused by their number, also where others took the place meanwhile and Google says nothing', async () => {
    for (let made = 0; made < 10; made++) await keys.create(keyOfRobot(`aky_${made}`), callContext());
    await expect(keys.prepare?.(keyOfRobot('aky_x'), callContext())).rejects.toMatchObject({ code: 'LimitExceeded', message: expect.stringContaining('has 10 keys already') });
    await expect(keys.create(keyOfRobot('aky_x'), callContext())).rejects.toMatchObject({ code: 'LimitExceeded', options: { effect: 'none' }, message: expect.stringContaining('"Precondition check failed."') });
    expect(standing()).toHaveLength(10);
  });

  it('are not left behind where they were to be made inactive and could not be; where they are, that is not taken for nothing', async () => {
    const inactive = { ...keyOfRobot('aky_1'), document: { ...keyOfRobot('aky_1').document, status: 'inactive' } };
    const denied = ['disable', 'delete'].map((verb) => `iam.projects.serviceAccounts.keys.${verb}`);
    for (const [accessDenied, effect, left] of [[denied.slice(0, 1), 'none', 0], [denied, 'unknown', 1]] as const) {
      cloud.faults.set({ accessDenied });
      await expect(keys.create(inactive, callContext())).rejects.toMatchObject({ code: 'AccessDenied', options: { effect } });
      expect(standing()).toHaveLength(left);
    }
  });

  it('are no part of a listing, and none of a person', async () => {
    await keys.create(keyOfRobot('aky_1'), callContext());
    for await (const page of keys.list(callContext())) expect(page).toEqual([]);
    expect(keys.check({ ...keyOfRobot('aky_2'), document: { ownerKind: 'user' } })).toMatchObject({ code: 'Unsupported', message: expect.stringContaining('make a key of a service account') });
  });
});

describe('what Google says of keys', () => {
  const NAME = `projects/${PROJECT}/serviceAccounts/build-robot@${PROJECT}.iam.gserviceaccount.com/keys/`;
  const at = Date.parse('2030-01-01T12:00:00Z');
  const told = (id: string, more: object = {}): object => ({ name: NAME + id, keyType: 'USER_MANAGED', keyOrigin: 'GOOGLE_PROVIDED', validAfterTime: '2030-01-01T12:00:01Z', ...more });
  interface Answer {
    readonly status: number;
    readonly body: unknown;
  }
  const NOTHING_THERE: Answer = { status: 404, body: { error: { code: 404, status: 'NOT_FOUND', message: 'words' } } };
  /** `create` answers that; `change` whatever changes one key. */
  async function where(list: readonly object[] | Answer, use: (keys: ResourceHandler, asked: () => readonly string[]) => Promise<void>, create: Answer = { status: 200, body: {} }, change: Answer = { status: 200, body: {} }): Promise<void> {
    const all = 'status' in list ? list : { status: 200, body: { keys: list } };
    const server = await startRecordingServer(async (method, url) => (method === 'GET' ? all : url.endsWith('/keys') ? create : change));
    const target = connect(server.url);
    try {
      await use(handlerAt(target, 'access-key'), () => server.exchanges.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`));
    } finally {
      await target.close();
      await server.close();
    }
  }
  const lost = { mark: keyOfRobot('aky_1').mark, names: [], owner: ROBOT.name, groundwork: { had: ['before'], at } };

  it('tells what an attempt made from what Google keeps for itself, what others uploaded, and what was there or is on record', () =>
    where([told('system', { keyType: 'SYSTEM_MANAGED' }), told('uploaded', { keyOrigin: 'USER_PROVIDED' }), told('before'), told('recorded'), told('older', { validAfterTime: '2030-01-01T10:00:00Z' }), told('ours')], async (keys, asked) => {
      const found = await keys.observe({ ...lost, others: ['recorded'] }, [], callContext());
      if (found === undefined) throw new Error('it is not found');
      await keys.delete(found, callContext());
      expect(asked()).toEqual([`GET /v1/${NAME.replace(/\/$/, '')}?keyTypes=USER_MANAGED`, `DELETE /v1/${NAME}ours`]);
    }));

  it('that it finds no key to delete is believed where it shows none either, and is a Conflict where it shows it', async () => {
    const key: Observed = { providerResourceId: 'ours', nativeArn: `${NAME}ours`, name: 'aky_1', mark: lost.mark, shape: { fields: { owner: ROBOT.name, status: 'active' }, tags: {}, facets: {} }, facetsRead: [] };
    await where([told('ours')], (keys) => expect(keys.delete(key, callContext())).rejects.toMatchObject({ code: 'Conflict', retryable: true, options: { effect: 'none' } }), undefined, NOTHING_THERE);
    for (const list of [[told('another')], NOTHING_THERE]) await where(list, (keys) => expect(keys.delete(key, callContext())).resolves.toBeUndefined(), undefined, NOTHING_THERE);
  });

  it('that it does not know a key that it made just now, neither to disable nor to delete, is not taken for nothing', () =>
    where([], async (keys, asked) => {
      await expect(keys.create({ ...keyOfRobot('aky_1'), document: { ...keyOfRobot('aky_1').document, status: 'inactive' } }, callContext())).rejects.toMatchObject({ code: 'NotFound', options: { effect: 'unknown' } });
      expect(asked().filter((call) => !call.startsWith('GET'))).toEqual([`POST /v1/${NAME.replace(/\/$/, '')}`, `POST /v1/${NAME}ours:disable`, `DELETE /v1/${NAME}ours`]);
    }, { status: 200, body: told('ours', { privateKeyData: 'e30=' }) }, NOTHING_THERE));

  it.each(['EXPOSED', 'COMPROMISE_DETECTED'])('a key that Google disabled as %s is not enabled again; one that a person disabled is', async (reason) => {
    const disabled = (why: string): object => told('ours', { disabled: true, disableReason: `SERVICE_ACCOUNT_KEY_DISABLE_REASON_${why}` });
    const enable = async (keys: ResourceHandler): Promise<unknown> => {
      const found = await keys.observe({ ...lost, providerResourceId: 'ours' }, [], callContext());
      expect(found?.shape.fields['status']).toBe('inactive');
      return keys.update(keyOfRobot('aky_1'), found as Observed, { ...NOTHING, fields: { status: 'active' } }, callContext());
    };
    await where([disabled(reason)], async (keys, asked) => {
      await expect(enable(keys)).rejects.toMatchObject({ code: 'Unsupported', message: expect.stringContaining('delete it and create another') });
      expect(asked().filter((call) => call.startsWith('POST'))).toEqual([]);
    });
    await where([disabled('USER_INITIATED')], async (keys, asked) => {
      await enable(keys);
      expect(asked().filter((call) => call.startsWith('POST'))).toEqual([`POST /v1/${NAME}ours:enable`]);
    });
  });

  it("of an organisation that forbids keys is the reason, with the policy's name", () =>
    where([], async (keys) => {
      await expect(keys.create(keyOfRobot('aky_1'), callContext())).rejects.toMatchObject({ code: 'InvalidRequest', retryable: false, message: expect.stringContaining('constraints/iam.disableServiceAccountKeyCreation') });
    }, {
      status: 400, body: { error: { code: 400, status: 'FAILED_PRECONDITION', message: 'Key creation is not allowed on this service account.',
        details: [{ '@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations: [{ type: 'constraints/iam.disableServiceAccountKeyCreation', subject: NAME, description: 'words' }] }] } },
    }));

  it('without a list in it is no list: what is on record is not taken for gone', async () => {
    const server = await startRecordingServer(async () => ({ status: 200, body: [] }));
    const target = connect(server.url);
    await expect(handlerAt(target, 'access-key').observe({ ...lost, providerResourceId: 'ours' }, [], callContext())).rejects.toMatchObject({ code: 'Internal' });
    await target.close();
    await server.close();
  });
});
