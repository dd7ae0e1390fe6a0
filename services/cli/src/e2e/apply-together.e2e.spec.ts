import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { RunningWami, runWami, type Ran } from '../testing/run-wami';
import { TamperingProxy } from '../testing/tampering-proxy';

jest.setTimeout(120_000);

const isWrite = ({ url }: { readonly url: string }): boolean => url === '/v1/batch';

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

describe('apply beside others, and cut off', () => {
  const folder = temporaryDirectory('cli-apply-together');
  const dataDir = join(folder, '.wami');
  let server: WamiProcess;
  let proxy: TamperingProxy;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
    proxy = await TamperingProxy.start(() => server.url);
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
    removeDirectory(folder);
  });
  afterEach(() => expect(proxy.left).toBe(0));

  const env = (): NodeJS.ProcessEnv => ({ WAMI_ADDRESS: proxy.url, WAMI_TOKEN: server.authorization.slice('Bearer '.length) });
  const wami = (...args: string[]): Promise<Ran> => runWami(args, { env: env(), cwd: folder });
  const declare = (tenant: string, content: object): string => {
    writeFileSync(join(folder, `${tenant}.yaml`), JSON.stringify({ declaration: tenant, tenants: { [tenant]: content } }));
    return `${tenant}.yaml`;
  };
  const rows = async (tenant: string): Promise<{ readonly id: string; readonly name: string }[]> =>
    (await server.call<{ items: { id: string; name: string }[] }>('GET', `/v1/resources?tenant=${tenant}&limit=1000`, undefined, { 'wami-consistency': 'strong' })).body.items;

  it('a change that somebody made after the plan is a conflict, and is not lost; the rest is done', async () => {
    const file = declare('busy', { users: { ann: { displayName: 'Ann' }, bob: { displayName: 'Bob' } } });
    expect((await wami('apply', '-f', file, '--yes')).code).toBe(0);
    const ann = (await rows('busy')).find(({ name }) => name === 'ann')?.id ?? '';
    declare('busy', { users: { ann: { displayName: 'Anna' }, bob: { displayName: 'Bobby' } } });
    proxy.tamper({ when: isWrite, before: () => server.call('PATCH', `/v1/users/${ann}`, { displayName: 'Annabel' }) });
    const applied = await wami('apply', '-f', file, '--yes');
    expect(applied).toMatchObject({ code: 6, err: expect.stringMatching(/✗ user\/ann \(busy\): VersionConflict: the current version is 2\n {2}Request req_[^]*1 of 2 not done\.\n {2}Somebody changed it meanwhile/) as string });
    expect((await server.call('GET', `/v1/users/${ann}`)).body).toMatchObject({ displayName: 'Annabel', version: 2 });
    const again = await wami('apply', '-f', file, '--yes');
    expect(again).toMatchObject({ code: 0, out: '~ user/ann (busy)\n    displayName: "Annabel" -> "Anna"\n' });
  });

  it('a thing that somebody deleted or made meanwhile is said, too', async () => {
    const file = declare('raced', { users: { ann: { displayName: 'Ann' } } });
    expect((await wami('apply', '-f', file, '--yes')).code).toBe(0);
    declare('raced', { users: { bob: null }, groups: { crew: { members: ['bob'] } } });
    proxy.tamper({ when: isWrite, before: () => server.call('POST', '/v1/users', { tenant: 'raced', userName: 'Bob' }) });
    const applied = await wami('apply', '-f', file, '--yes', '-o', 'json');
    expect(applied).toMatchObject({ code: 6, err: expect.stringContaining('✗ user/bob (raced) joins group/crew (raced): not tried, user/bob (raced) is not there') as string });
    expect((JSON.parse(applied.out) as { changes: object[] }).changes).toMatchObject([
      { action: 'create', kind: 'user', result: 'failed', error: { code: 'NameTaken' } }, { action: 'create', kind: 'group', result: 'done' }, { action: 'add', result: 'skipped' },
    ]);
  });

  it('an answer that is lost is asked for again, and nothing is done twice', async () => {
    const file = declare('lost', { users: { ann: null, bob: null }, groups: { crew: { members: ['ann', 'bob'] } } });
    const writes = (): number => proxy.seen.filter((url) => isWrite({ url })).length;
    const before = writes();
    // Of the tenant, of what is in it, of the memberships; each is asked for twice.
    for (const lost of [0, 2, 4]) proxy.tamper({ when: (request) => isWrite(request) && writes() === before + lost, losesAnswer: true });
    const applied = await wami('apply', '-f', file, '--yes');
    expect(applied).toMatchObject({ code: 0, err: expect.stringContaining('all 6 done') as string });
    expect(writes()).toBe(before + 6);
    expect((await rows('lost')).map(({ name }) => name).sort()).toEqual(['ann', 'bob', 'crew']);
  });

  it('killed while the server works: the same apply asks with the same keys, does the rest, and nothing twice', async () => {
    const file = declare('killed', { users: Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`user-${index}`, null])), groups: { crew: { members: ['user-0', 'user-149'] } } });
    const first = new RunningWami(['apply', '-f', file, '--yes'], { env: env(), cwd: folder });
    const [secondAsks, firstIsDone] = [signal(), signal()];
    proxy.tamper({ when: isWrite });
    // 100 users are on their way when it is killed, and arrive when the second apply has made its plan and asks for them too.
    proxy.tamper({ when: isWrite, before: async () => { await first.interrupt(); await secondAsks.given; }, after: firstIsDone.give, losesAnswer: true });
    expect((await first.end()).code).toBe(130);
    proxy.tamper({ when: isWrite, before: async () => { secondAsks.give(); await firstIsDone.given; } });
    const second = await wami('apply', '-f', file, '--yes');
    expect(second).toMatchObject({ code: 0, err: expect.stringContaining('killed: all 153 done.') as string });
    expect(await rows('killed')).toHaveLength(151);
    const events = (await server.call<{ items: { type: string }[] }>('GET', '/v1/events?tenant=killed&type=wami.user.created.v1&limit=1000')).body.items;
    expect(events).toHaveLength(150);
    expect(await wami('apply', '-f', file, '--yes')).toMatchObject({ code: 0, err: 'killed: nothing to do.\n' });
  });

  it('what stood at a time is told of its own fold alone: not where somebody else has another one made while it is read, and not where nothing stood', async () => {
    expect((await wami('apply', '-f', declare('then', { users: { ann: null } }), '--yes')).code).toBe(0);
    const { position } = (await server.call<{ position: string }>('GET', '/v1/events?after=now', undefined, { 'wami-consistency': 'strong' })).body;
    const at = (end: string): Promise<Ran> => wami('-t', 'then', 'diff', '--exit-code', '--at', end);
    const othersReplay = (model: string): void =>
      proxy.tamper({ when: ({ method, url }) => method === 'GET' && url.startsWith('/v1/projection/replayed'), before: () => server.call('POST', '/v1/projection/replay', { models: [model] }) });
    othersReplay('resources');
    expect(await at(position)).toMatchObject({ code: 6, out: '', err: expect.stringContaining('Another replay took the place of this one while it was read.') as string });
    othersReplay('pauses');
    expect(await at(position)).toMatchObject({ code: 0 });
    expect(await at('2001-01-01T00:00:00Z')).toMatchObject({ code: 5, out: '', err: expect.stringContaining('There was no tenant then then.') as string });
    expect(await at('2001-01-01T00:00:00')).toMatchObject({ code: 64, out: '', err: expect.stringMatching(/'--at <end>'.*a time with its zone \(RFC 3339\) like 2027-01-31T12:00:00Z/) as string });
  });
});
