import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { patiently as eventually, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import type { Ran } from '../testing/run-wami';
import { SandboxAws } from '../testing/sandbox-aws';
import { WamiHost } from '../testing/wami-host';

jest.setTimeout(60_000);

const AWS = 'aws/000000000001';
const USER_ID = /usr_[0-9A-Z]{26}/;

describe('the verbs, against a running npm start', () => {
  const dataDir = temporaryDirectory('cli');
  const host = new WamiHost();
  let server: WamiProcess;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    removeDirectory(dataDir);
  });

  const wami = (...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_DATA_DIR: dataDir } });
  /** Must succeed. */
  const ok = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await wami(...args);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return out;
  };
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await ok(...args, '-o', 'json')) as T;
  /** What somebody else does there. */
  const cloud = (action: string, params: Readonly<Record<string, string>>): Promise<void> => new SandboxAws(dataDir).call(action, params);

  it('whoami says who, and where that was found', async () => {
    expect(await ok('whoami')).toMatch(/ACTOR +ROLE +TENANT +ADDRESS +FOUND BY\nadmin +admin +\(all\) +http:\/\/127\.0\.0\.1:\d+ +npm start/);
    expect(await json('whoami')).toEqual({ actor: 'admin', role: 'admin', tenant: '', address: server.url, origin: `npm start (${dataDir})` });
  });

  it('tenant: create, get, list, update, sync-config, delete', async () => {
    expect(await ok('tenant', 'create', 'acme', '--name', 'Acme Ltd')).toMatch(/^TENANT +NAME +STATUS +VERSION\nacme +Acme Ltd +active +1\n$/);
    expect(await json('t', 'create', 'acme/core')).toMatchObject({ id: 'acme/core', name: 'acme/core', parent: 'acme', version: 1 });
    expect(await json('tenant', 'get', 'acme/core')).toMatchObject({ id: 'acme/core' });
    expect((await json<{ id: string }[]>('tenant', 'list')).map(({ id }) => id)).toEqual(['acme', 'acme/core', 'default']);
    expect(await ok('tenant', 'list', '--parent', 'acme', '-o', 'name')).toBe('tenant/acme/core\n');
    expect(await json('tenant', 'update', 'acme', '--name', 'Acme')).toMatchObject({ name: 'Acme', version: 2 });
    expect(await ok('tenant', 'sync-config', 'acme', '--target', AWS, '--on-conflict', 'skip')).toMatch(/providers +\[\{.*000000000001.*\}\]/);
    expect(await json('tenant', 'sync-config', 'acme/core')).toMatchObject({ effective: { conflictResolution: 'skip', providers: [{ provider: 'aws', account: '000000000001' }] } });
    expect(await json('tenant', 'sync-config', 'acme', '--deletion-policy', 'delete', '--deletion-policy', 'user=orphan', '--on-conflict', 'user=merge', '--schedule', 'PT6H'))
      .toMatchObject({ own: { providers: [{ provider: 'aws', account: '000000000001' }], conflictResolution: 'skip', deletionPolicy: 'delete', kinds: { user: { deletionPolicy: 'orphan', conflictResolution: 'merge' } }, triggers: { schedule: 'PT6H' } } });
    expect(await json('tenant', 'sync-config', 'acme', '--deletion-policy', 'user=delete', '--schedule', 'none')).toMatchObject({ own: { conflictResolution: 'skip', kinds: { user: { deletionPolicy: 'delete', conflictResolution: 'merge' } }, triggers: { schedule: null } } });
    expect(await json('tenant', 'sync-config', 'acme', '--inherit')).toMatchObject({ own: {}, effective: { providers: [] } });
    const refused = await wami('tenant', 'delete', 'acme');
    expect(refused).toMatchObject({ code: 6, out: '', err: expect.stringMatching(/^✗ TenantNotEmpty: [^]*--force/) as string });
    expect((await wami('tenant', 'delete', 'acme/core')).err).toBe('Deleted tenant/acme/core.\n');
    expect((await wami('tenant', 'delete', 'acme', '--force')).err).toMatch(/^Deleting tenant\/acme and all in it \(job_/);
  });

  it('user: create, get, list, update, history, delete, each seen in the cloud before it returns with --wait', async () => {
    const created = await wami('user', 'create', 'ann', '--tag', 'team=core', '--tag', 'site=b', '--email', 'ann@example.com', '--path', '/people/', '--wait');
    expect(created).toMatchObject({ code: 0, err: expect.stringMatching(new RegExp(`^✓ Synced {2}${AWS} {2}\\(\\d+\\.\\d s\\) {2}arn:aws:iam::000000000001:user/people/ann\n$`)) as string });
    expect(created.out).toMatch(/^NAME +TENANT +PATH +VERSION +ID\nann +default +\/people\/ +1 +usr_[0-9A-Z]{26}\n$/);
    const id = USER_ID.exec(created.out)?.[0] ?? '';
    expect(await json('user', 'get', 'ann')).toMatchObject({ id, userName: 'ann', email: 'ann@example.com', tags: { team: 'core', site: 'b' } });
    expect(await json('user', 'get', id)).toMatchObject({ userName: 'ann' });
    expect(await ok('user', 'list')).toMatch(/^NAME +TENANT +SYNC +CHANGED +ID\nann +default +✓ Synced +\d+ s ago +usr_/);
    expect(await ok('u', 'list', '-q', 'an', '-o', 'name')).toBe(`user/${id}\n`);
    const changed = await wami('user', 'update', 'ann', '--name', 'anna', '--untag', 'site', '--display-name', 'Anna', '--wait', '-o', 'json');
    expect(changed).toMatchObject({ code: 0, err: expect.stringContaining('user/people/anna') as string });
    expect(JSON.parse(changed.out)).toMatchObject({ userName: 'anna', displayName: 'Anna', tags: { team: 'core' } });
    expect(await ok('user', 'history', 'anna')).toMatch(/wami\.user\.created\.v1 +admin[^]*wami\.sync\.succeeded\.v1[^]*wami\.user\.renamed\.v1/);
    expect(await wami('user', 'delete', 'anna', '--wait')).toMatchObject({ code: 0, out: '', err: expect.stringContaining(`Deleted user/${id}.`) as string });
    expect(await wami('user', 'get', 'anna')).toMatchObject({ code: 5, out: '', err: '✗ There is no user named anna.\n  See `wami user list`.\n' });
  });

  it('user erase: asks nobody in a script, deletes in the cloud, and is done once', async () => {
    const created = await wami('user', 'create', 'eve', '--email', 'eve@example.org', '--wait');
    const id = USER_ID.exec(created.out)?.[0] ?? '';
    expect(await wami('user', 'erase', 'eve')).toMatchObject({ code: 7, out: '', err: '✗ Nothing was written: nobody is there to say yes.\n  --yes does it without asking.\n' });
    expect(await wami('user', 'erase', 'eve', '--dry-run')).toMatchObject({ code: 0, err: 'Nothing was written (--dry-run).\n' });
    expect(await json('user', 'get', 'eve')).toMatchObject({ id });
    expect(await wami('user', 'erase', 'eve', '--yes', '--wait')).toMatchObject({ code: 0, out: '', err: expect.stringContaining(`Erased user/${id}.\n`) as string });
    expect(await wami('user', 'get', 'eve')).toMatchObject({ code: 5 });
    expect(await ok('user', 'history', id)).toMatch(/wami\.user\.deleted\.v1[^]*wami\.subject\.erased\.v1/);
    const before = await ok('user', 'history', id, '-o', 'name');
    expect(await wami('user', 'erase', id, '--yes')).toMatchObject({ code: 0 });
    expect(await ok('user', 'history', id, '-o', 'name')).toBe(before);
    await ok('user', 'create', 'gus');
    const gus = (await json<{ id: string }>('user', 'get', 'gus')).id;
    await ok('user', 'delete', 'gus');
    expect(await wami('user', 'erase', gus, '--yes')).toMatchObject({ code: 0, err: `Erased user/${gus}.\n` });
    expect(await ok('user', 'erase', '--help')).toMatch(/cannot be undone/);
  });

  it('group: create, get, list, update, add, remove, history, delete', async () => {
    await ok('user', 'create', 'bob');
    expect((await wami('group', 'create', 'staff', '--tag', 'a=b', '--wait')).err).toMatch(/^✓ Synced .*:group\/wami\/default\/grp_[0-9A-Z]{26}\/staff\n$/);
    expect(await json('group', 'get', 'staff')).toMatchObject({ groupName: 'staff', tags: { a: 'b' } });
    expect(await json('g', 'update', 'staff', '--name', 'crew')).toMatchObject({ groupName: 'crew' });
    expect(await ok('group', 'list')).toMatch(/^NAME[^]*\ncrew /);
    expect(await wami('group', 'add', 'crew', 'bob', '--wait')).toMatchObject({ code: 0, err: expect.stringMatching(/^✓ Synced [^]*user\/usr_\w+ is in group\/grp_\w+\.\n$/) as string });
    expect(await wami('group', 'add', 'crew', 'bob')).toMatchObject({ code: 0 });
    expect(await wami('group', 'remove', 'crew', 'bob', '--wait')).toMatchObject({ code: 0, err: expect.stringContaining('is not in') as string });
    expect(await wami('group', 'remove', 'crew', 'bob')).toMatchObject({ code: 5, err: expect.stringContaining('NotFound: there is no such membership') as string });
    expect(await ok('group', 'history', 'crew')).toContain('wami.group.renamed.v1');
    expect(await wami('group', 'delete', 'crew', '--wait')).toMatchObject({ code: 0 });
  });

  it('status: everything, one, and the exit code 3 where something settled and is not Synced, in table and JSON', async () => {
    await ok('user', 'create', 'carl', '--wait');
    await eventually(async () => expect(await ok('status')).toMatch(/^TARGET +KIND +STATE +COUNT\naws\/000000000001 +user +✓ Synced +\d+\n$/));
    expect(await ok('status', 'user/carl')).toMatch(/RESOURCE +TARGET +STATE +SINCE +WHY\nusr_\w+ +aws\/000000000001 +✓ Synced +\d+ s ago +arn:aws:iam::000000000001:user\/carl\n/);
    expect(await json('status', 'user/carl')).toEqual([expect.objectContaining({ state: 'Synced', provider: 'aws', kind: 'user', operation: 'create' })]);
    const failed = await wami('user', 'create', 'not for AWS', '--wait');
    expect(failed).toMatchObject({ code: 3, err: expect.stringMatching(/^✗ Failed {2}aws\/000000000001 .*InvalidRequest: userName: AWS allows/) as string });
    expect(await wami('status', 'user/not for AWS')).toMatchObject({ code: 3, out: expect.stringContaining('InvalidRequest') as string });
    expect((await wami('status', 'user/not for AWS')).err).toMatch(/^ {2}→ Change the resource as the message says.*\n {2}Why: wami sync explain usr_\w+\n$/);
    expect(await ok('sync', 'explain', 'user/not for AWS')).toMatch(/^user\/not for AWS \(usr_\w+\) of default, version 1: agrees with 0 of 1 targets\naws\/000000000001 {2}✗ Failed\n {2}scope +✓ asked for by default[^]*\n {2}plan +! create is not tried again by itself: InvalidRequest[^]*→ Change the resource/);
    expect(await wami('status')).toMatchObject({ code: 3, out: expect.stringMatching(/✗ Failed +1\n[^]*InvalidRequest/) as string });
    const summary = await wami('status', '-o', 'json');
    expect(summary.code).toBe(3);
    expect(JSON.parse(summary.out)).toMatchObject({ errors: [{ code: 'InvalidRequest', count: 1 }] });
    await ok('user', 'delete', 'not for AWS', '--wait');
  });

  it('provider: list and show, what each can hold, and who we are there', async () => {
    await eventually(async () => expect(await ok('provider', 'list')).toMatch(/^TARGET +HEALTH +AGREES +SKIPPED +CREDENTIALS END +HOLDS\naws\/000000000001 +✓ ok +100 % +0 +user, group, policy, role, service-account, access-key, login-profile, mfa-device, identity-provider\n$/));
    expect(await ok('provider', 'show', AWS)).toMatch(/health +✓ ok[^]*credentials +\w+, arn:aws:\S+[^]*holds user +✓ yes, renamed in place, tags, groups, policies, inline policies, permissions boundary/);
    expect(await json('provider', 'show', AWS)).toMatchObject({ provider: 'aws', health: 'ok', credentials: { expiresSoon: false } });
    expect(await wami('provider', 'show', 'aws/1')).toMatchObject({ code: 5, err: '✗ There is no target aws/1.\n  See `wami provider list`.\n' });
    expect(await wami('provider', 'list', '--exit-code')).toMatchObject({ code: 0 });
  });

  it('sync: pause holds back what is selected and says why, pauses lists it, resume lets it go on', async () => {
    expect(await wami('sync', 'pause', '--reason', 'freeze', '--until', '2h')).toMatchObject({ code: 7, err: expect.stringMatching(/nobody is there to say yes\. This holds back \d+ resources? at 1 target/) as string });
    expect((await wami('sync', 'pause')).code).toBe(64);
    const paused = await json<{ id: string; until: string; reason: string }>('-t', 'default', 'sync', 'pause', '--provider', 'aws', '--reason', 'freeze', '--until', '2h', '--yes');
    expect(Math.abs(Date.parse(paused.until) - Date.now() - 7_200_000)).toBeLessThan(60_000);
    expect(await wami('user', 'create', 'held', '--wait')).toMatchObject({ code: 3, err: expect.stringContaining(`paused by ${paused.id} until ${paused.until}`) as string });
    expect(await wami('status', 'user/held')).toMatchObject({ code: 3, out: expect.stringContaining(`paused by ${paused.id}`) as string });
    const paper = await ok('sync', 'explain', 'user/held', '--fresh');
    expect(paper).toMatch(new RegExp(`scope +! asked for, but paused by ${paused.id} until [^]*${paused.id}: freeze \\(by admin\\)[^]*looked now \\(pln_\\w+\\): wait, paused by[^]*plan +! create, when the pause is over\\n +next try in 2 h`));
    expect(paper.split('\n').length).toBeLessThanOrEqual(24);
    expect(await ok('sync', 'pauses')).toMatch(new RegExp(`^PAUSE +WHAT +UNTIL +SINCE +BY +WHY\n${paused.id} +default at aws/\\* .* admin +freeze\n$`));
    expect(await wami('sync', 'resume', '--resource', 'user/held')).toMatchObject({ code: 0, err: expect.stringMatching(new RegExp(`No pause selects no more than this\\.\nStill paused by ${paused.id} \\(default at aws/\\*, until `)) as string });
    expect((await wami('sync', 'resume', '--dry-run')).err).toContain('Nothing was written');
    expect(await wami('-t', 'default', 'sync', 'resume')).toMatchObject({ code: 0, out: expect.stringContaining(paused.id) as string, err: '' });
    expect(await json('sync', 'pauses')).toEqual([]);
    expect(await json('sync', 'pauses', '--ended')).toEqual([expect.objectContaining({ id: paused.id, endedBy: 'admin' })]);
    await ok('user', 'delete', 'held', '--wait');
  });

  it('sync explain: scope, match, difference and plan of one resource, and with --fresh what the cloud says now', async () => {
    const carl = await ok('sync', 'explain', 'user/carl', '--fresh', '--provider', 'aws');
    expect(carl).toMatch(/^user\/carl [^]*: agrees with every target\naws\/000000000001 {2}✓ Synced\n {2}scope +✓ [^]*\n {2}match +✓ matched to arn:aws:iam::000000000001:user\/carl, made by WAMI\n +id AIDA\w+, since \d+ (?:s|min) ago\n {2}difference +✓ none: [^]*looked now: the cloud agrees\n {2}plan +✓ nothing, until it changes\n$/);
    const told = await json<{ targets: unknown[]; fresh: { plan: string } }>('sync', 'explain', 'user/carl', '--fresh');
    expect(told).toMatchObject({ kind: 'user', name: 'carl', targets: [{ state: { state: 'Synced' }, match: { how: 'made' }, plan: { next: 'nothing' } }], fresh: { operations: [], plan: expect.stringMatching(/^pln_/) as string } });
    expect(await wami('sync', 'explain', 'user/nobody')).toMatchObject({ code: 5 });
  });

  it('other outputs: YAML, a line of JSON each that begins with its schema, nothing at all', async () => {
    expect(await ok('tenant', 'get', 'default', '-o', 'yaml')).toMatch(/^id: default\n/);
    expect((await ok('tenant', 'list', '-o', 'jsonl')).trimEnd().split('\n').every((line) => line.startsWith('{"schema":1,'))).toBe(true);
    expect(await ok('tenant', 'list', '-o', 'none')).toBe('');
    const { out } = await host.run(['tenant', 'list'], { env: { WAMI_DATA_DIR: dataDir, WAMI_OUTPUT: 'name' } });
    expect(out).toContain('tenant/default\n');
  });

  it('sync import: tells what nobody manages, then manages it', async () => {
    await cloud('CreateUser', { UserName: 'found' });
    const looked = await wami('sync', 'import', '--provider', 'aws', '--kinds', 'user');
    expect(looked).toMatchObject({ code: 0, out: expect.stringMatching(/^KIND +NAME +OUTCOME +WHY +RESOURCE\nuser +found +found/) as string });
    expect(looked.err).toMatch(/^aws\/000000000001: \d+ seen, \d+ managed already, 1 not managed\.\nNext: the same with --adopt/);
    expect(await wami('sync', 'import', '--provider', 'aws', '--adopt', '--dry-run')).toMatchObject({ code: 0, err: 'Nothing was asked for (--dry-run).\n' });
    expect(await wami('sync', 'import', '--provider', 'aws', '--kinds', 'user', '--adopt')).toMatchObject({ code: 7, err: expect.stringContaining('nobody is there to say yes. All that nobody manages at aws becomes resources of default.') as string });
    const adopted = await wami('sync', 'import', '--provider', 'aws', '--kinds', 'user', '--adopt', '--yes', '-o', 'json');
    expect(adopted).toMatchObject({ code: 0, err: expect.stringContaining('1 not managed, 1 imported, 0 refused.') as string });
    expect(JSON.parse(adopted.out)).toEqual([expect.objectContaining({ name: 'found', outcome: 'imported', resource: expect.stringMatching(USER_ID) as string })]);
    expect(await json('user', 'get', 'found')).toMatchObject({ userName: 'found', syncToProviders: [AWS] });
    expect(await wami('sync', 'import', '--provider', 'gcp')).toMatchObject({ code: 1, err: expect.stringContaining('/provider: the tenant is not synced to it') as string });
    expect(await ok('sync', 'import', '--help')).toMatch(/nothing of it changes but its marks/);
    await ok('user', 'delete', 'found', '--wait');
  });

  it('conflicts, sync now and sync resolve: what both sides changed, and what is gone at the cloud, waits in lists and figures until somebody resolves it', async () => {
    const figure = (metrics: string, name: string): number => Number(new RegExp(`^${name}{provider="aws",account="000000000001"} (\\d+)$`, 'm').exec(metrics)?.[1]);
    const figures = (drifted: number, conflicts: number): Promise<void> => eventually(async () => {
      const metrics = await (await fetch(`${server.url}/metrics`, { headers: { authorization: server.authorization } })).text();
      expect({ drifted: figure(metrics, 'wami_drift_resources'), conflicts: figure(metrics, 'wami_conflicts_open') }).toEqual({ drifted, conflicts });
    });
    const both = (...args: string[]): Promise<Ran> => wami('-t', 'both', ...args);
    await ok('tenant', 'create', 'both');
    expect(await ok('tenant', 'sync-config', 'both', '--target', AWS, '--direction', 'bidirectional')).toMatch(/^direction +"bidirectional"$/m);
    expect(await both('user', 'create', 'torn', '--tag', 'team=base', '--wait')).toMatchObject({ code: 0 });
    // What was made here a moment ago is not missed when it cannot be seen.
    await cloud('CreateUser', { UserName: 'lost' });
    expect(await both('sync', 'import', '--provider', 'aws', '--kinds', 'user', '--adopt', '--yes')).toMatchObject({ code: 0, err: expect.stringContaining('1 imported, 0 refused.') as string });
    await cloud('TagUser', { UserName: 'torn', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'theirs' });
    await cloud('DeleteUser', { UserName: 'lost' });
    expect(await both('user', 'update', 'torn', '--tag', 'team=ours', '--wait')).toMatchObject({ code: 3, err: expect.stringContaining('Failed') as string });
    expect(await both('sync', 'now', 'user/lost')).toMatchObject({ code: 0, out: expect.stringMatching(/^JOB +LOOKED AT +SUCCEEDED +FAILED +HELD\njob_\w+ +1 +1 +0 +0\n$/) as string });
    expect(await both('conflicts', '--exit-code')).toMatchObject({ code: 2, out: expect.stringMatching(/^RESOURCE +TARGET +STATE +SINCE +STANDS THERE +WHY\nuser\/torn +aws\/000000000001 +Failed .* tags\/team: ours ours, theirs theirs +it was changed here and at the target.*\n$/) as string });
    const { body } = await server.call<{ items: object[] }>('GET', '/v1/conflicts?tenant=both');
    expect(body.items).toEqual([expect.objectContaining({ provider: 'aws', state: 'Failed', conflicts: [{ at: 'tags/team', base: 'base', ours: 'ours', theirs: 'theirs' }] })]);
    expect(await both('drift', 'user/lost', '--state', 'open')).toMatchObject({ code: 0, out: expect.stringContaining('is not there') as string });
    expect(await both('sync', 'now')).toMatchObject({ code: 7, err: expect.stringContaining('This compares 2 resources at 1 target.') as string });
    await figures(2, 1);
    const resolve = (name: string, ...flags: string[]): Promise<Ran> => both('sync', 'resolve', `user/${name}`, '--provider', 'aws', ...flags);
    expect(await resolve('torn')).toMatchObject({ code: 64, err: expect.stringContaining('--strategy') as string });
    expect(await resolve('torn', '--strategy', 'overwrite', '--dry-run')).toMatchObject({ code: 0, out: '', err: 'Nothing was asked for (--dry-run).\n' });
    expect(await resolve('torn', '--strategy', 'overwrite', '--account', '999999999999')).toMatchObject({ code: 1, err: expect.stringContaining('/account') as string });
    expect(await resolve('torn', '--strategy', 'fail', '-o', 'name')).toMatchObject({ code: 3, out: expect.stringMatching(/^user\/usr_\w+@aws\/000000000001\n$/) as string });
    expect(await resolve('torn', '--strategy', 'overwrite')).toMatchObject({ code: 0, out: expect.stringMatching(/^RESOURCE +TARGET +STATE +SINCE +WHY\nusr_\w+ +aws\/000000000001 +✓ Synced .*user\/torn\n$/) as string, err: '' });
    expect(await resolve('lost', '--strategy', 'overwrite', '-o', 'json')).toMatchObject({ code: 0, out: expect.stringContaining('"state": "Synced"') as string });
    await figures(0, 0);
    expect(await both('conflicts', '--exit-code')).toMatchObject({ code: 0, out: '', err: 'No conflicts.\n' });
    expect(await both('drift', '--state', 'open', '--exit-code')).toMatchObject({ code: 0 });
    expect(await json('-t', 'both', 'user', 'get', 'torn')).toMatchObject({ tags: { team: 'ours' } });
  });

  it('sync repair: says that everything agrees, and what does not', async () => {
    expect(await wami('sync', 'repair', '--dry-run')).toMatchObject({ code: 0, out: '', err: expect.stringMatching(/^\d+ compared\. Disagreed: engine 0, readModel 0, cloud 0\.\n$/) as string });
    await ok('user', 'create', 'rita', '--wait');
    await cloud('DeleteUser', { UserName: 'rita' });
    expect(await wami('sync', 'repair', '--dry-run')).toMatchObject({ code: 2, out: expect.stringMatching(/^PLACE +KIND +RESOURCE +TARGET +DIFFERS +NOW\ncloud +user +usr_\w+ +aws\/000000000001 +create .*wrong\n$/) as string });
    expect(await wami('sync', 'repair')).toMatchObject({ code: 7 });
    const repaired = await wami('sync', 'repair', '--yes', '-o', 'json');
    expect(repaired).toMatchObject({ code: 0, err: expect.stringContaining('cloud 1 (1 right now)') as string });
    expect(JSON.parse(repaired.out)).toEqual([expect.objectContaining({ place: 'cloud', right: true })]);
    expect(await ok('sync', 'repair', '--dry-run', '--no-wait', '-o', 'name')).toMatch(/^repair\/rep_\w+\n$/);
    await ok('user', 'delete', 'rita', '--wait');
  });

  it('--dry-run checks and writes nothing; --tenant chooses where', async () => {
    expect(await wami('user', 'create', 'dry', '--dry-run')).toMatchObject({ code: 0, err: 'Nothing was written (--dry-run).\n' });
    expect(await wami('user', 'create', 'carl', '--dry-run')).toMatchObject({ code: 6, err: expect.stringContaining('NameTaken') as string });
    expect(await wami('user', 'get', 'dry')).toMatchObject({ code: 5 });
    await ok('tenant', 'create', 'other');
    expect(await json('-t', 'other', 'user', 'create', 'carl')).toMatchObject({ tenant: 'other' });
    expect(await wami('user', 'get', 'carl')).toMatchObject({ code: 64, err: expect.stringMatching(/^✗ 2 users are named carl: .*\(default\).*\(other\)/) as string });
    expect(await json('-t', 'other', 'user', 'get', 'carl')).toMatchObject({ tenant: 'other' });
    expect(await wami('-t', 'other', 'user', 'create', 'nowhere', '--wait')).toMatchObject({ code: 0, err: expect.stringContaining('No target is asked for') as string });
  });

  it('sync approvals: more deletions than the guard allows are held, listed, and gone once somebody approves just that list', async () => {
    await ok('tenant', 'create', 'guarded');
    await ok('tenant', 'sync-config', 'guarded', '--target', AWS, '--max-deletes', '6', '--max-deletes-percent', '50');
    const authorization = `Bearer ${readFileSync(join(dataDir, 'admin.token'), 'utf8').trim()}`;
    const batch = async (operations: readonly object[]): Promise<{ results: { status: number; body: { id: string } }[] }> => {
      const answer = await fetch(`${server.url}/v1/batch`, { method: 'POST', headers: { authorization, 'content-type': 'application/json', prefer: 'wait=30' }, body: JSON.stringify({ operations }) });
      return await answer.json() as { results: { status: number; body: { id: string } }[] };
    };
    const made = await batch(Array.from({ length: 8 }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'guarded', userName: `lost-${i}` } })));
    const deletions = made.results.map(({ body: { id } }) => ({ method: 'DELETE', path: `/v1/users/${id}` }));
    expect((await batch(deletions)).results.map(({ status }) => status)).toEqual(deletions.map(() => 200));
    const [open, ...others] = await json<{ id: string; held: number; hash: string }[]>('-t', 'guarded', 'sync', 'approvals', '--state', 'open');
    expect(others).toEqual([]);
    expect(open?.held).toBeGreaterThan(2);
    expect(await ok('-t', 'guarded', 'sync', 'approvals')).toMatch(/^APPROVAL +TENANT +TARGET +STATE +HELD +ALLOWED +SINCE +UNTIL\napr_[0-9A-Z]{26} +guarded +aws\/000000000001 +open +\d +user 5/);
    expect(await ok('sync', 'approvals', String(open?.id))).toMatch(/user +lost-\d +usr_[0-9A-Z]{26} +everything: it is deleted/);
    expect(await wami('sync', 'approve', String(open?.id))).toMatchObject({ code: 7, err: expect.stringMatching(/This takes away \d of guarded at aws\/000000000001\./) as string });
    expect((await wami('sync', 'approve', String(open?.id), '--hash', 'A'.repeat(22), '--yes')).code).toBe(1);
    expect(await ok('sync', 'reject', String(open?.id))).toMatch(/rejected/);
    expect(await ok('sync', 'approve', String(open?.id), '--hash', String(open?.hash), '--yes')).toMatch(/approved/);
    await eventually(async () => expect(await json('-t', 'guarded', 'sync', 'approvals', '--state', 'open')).toEqual([]));
    await eventually(async () => expect(await json('-t', 'guarded', 'status')).toMatchObject({ counts: [] }));
  });

  it('sync plan and sync apply: what a trigger holds is told, and goes once somebody says so', async () => {
    await ok('tenant', 'create', 'held');
    const config = { providers: [{ provider: 'aws', account: '000000000001' }], triggers: { onCreate: false, onUpdate: false, onDelete: false } };
    const authorization = `Bearer ${readFileSync(join(dataDir, 'admin.token'), 'utf8').trim()}`;
    const put = await fetch(`${server.url}/v1/tenants/held/sync-config`, { method: 'PUT', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(config) });
    expect(put.status).toBe(200);
    await ok('-t', 'held', 'user', 'create', 'ada', '--tag', 'team=core');
    const file = join(dataDir, 'plan.json');
    const plan = await wami('-t', 'held', 'sync', 'plan', '--out', file, '--exit-code');
    expect(plan).toMatchObject({ code: 2, out: expect.stringMatching(new RegExp(`^${AWS}: 1 to create\\n[^]*create +user/ada +${AWS} +.*\\+tags.team=core`)) as string });
    expect(plan.err).toMatch(/^pln_[0-9A-Z]{26}: 1 to create\. It may be applied until /);
    expect(await ok('-t', 'held', 'sync', 'plans', '--state', 'complete')).toMatch(/^PLAN +TENANT +STATE +WHAT +MADE +UNTIL\npln_[0-9A-Z]{26} +held +complete +1 to create +\d+ s ago +20/);
    expect(await wami('sync', 'apply', file)).toMatchObject({ code: 7, err: expect.stringContaining('--yes does it without asking') as string });
    expect(await wami('sync', 'apply', file, '--yes')).toMatchObject({ code: 0, err: expect.stringMatching(/1 of 1 done\.\n$/) as string });
    expect(await ok('-t', 'held', 'user', 'list')).toMatch(/ada +held +✓ Synced/);
    expect(await wami('sync', 'apply', file, '--yes')).toMatchObject({ code: 6, err: expect.stringMatching(/Nothing was written: pln_[0-9A-Z]{26} was applied already\./) as string });
    expect(await json<object[]>('-t', 'held', 'sync', 'plans')).toEqual([expect.objectContaining({ tenant: 'held', state: 'applied', counts: { create: 1 } })]);
    expect(await wami('-t', 'held', 'sync', 'plan', '--exit-code', '-o', 'json')).toMatchObject({ code: 0, out: expect.stringContaining('"operations": []') as string });
    expect(await wami('sync', 'apply', 'pln_00000000000000000000000000')).toMatchObject({ code: 5 });
  });

  it('provider list: a target that is asked for and not connected, by the exit code too', async () => {
    await ok('tenant', 'create', 'nowhere');
    await ok('tenant', 'sync-config', 'nowhere', '--target', 'aws/999999999999');
    await wami('-t', 'nowhere', 'user', 'create', 'noone', '--wait');
    await eventually(async () => expect(await wami('-t', 'nowhere', 'provider', 'list', '--exit-code')).toMatchObject({ code: 2, err: '✗ aws/999999999999 not-connected: there is no connection for aws/999999999999\n' }));
    expect(await wami('-t', 'nowhere', 'provider', 'check', 'aws/999999999999')).toMatchObject({ code: 1, err: '✗ aws/999999999999 not-connected: there is no connection for aws/999999999999\n' });
  });
});
