import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WamiCloudEvent } from '@wami/contracts';
import { patiently as eventually, removeDirectory, startTestPostgres, startWamiProcess, temporaryDirectory, type TestPostgres, type WamiProcess } from '@wami/testing';
import type { Ran } from '../testing/run-wami';
import { SandboxAws } from '../testing/sandbox-aws';
import { WamiHost } from '../testing/wami-host';

jest.setTimeout(60_000);

describe('what operators do, against a running npm start', () => {
  const dataDir = temporaryDirectory('cli-operations');
  const host = new WamiHost();
  let server: WamiProcess;
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    server = await startWamiProcess({ dataDir, env: { WAMI_DATABASE_URL: postgres.url } });
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    await postgres?.stop();
    removeDirectory(dataDir);
  });

  const wami = (...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_DATA_DIR: dataDir } });
  /** A key of the tenant's administrator. */
  const keyOf = async (tenant: string): Promise<string> => /wami_pat_\w{40}_\w{6}/.exec((await wami('-t', tenant, 'key', 'create', 'operations', '--role', 'admin')).out)?.[0] ?? '';
  const as = (token: string, ...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_ADDRESS: server.url, WAMI_TOKEN: token } });
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await wami(...args, '-o', 'json')).out) as T;

  describe('projection', () => {
    it('status says which tables answer; there is nothing to go back to before the first rebuild', async () => {
      expect(await wami('projection', 'status')).toMatchObject({
        code: 0, out: expect.stringMatching(/^MODEL +VERSION +GENERATION +KEPT +CURRENT\n[^]*resources +\d+ +1 +yes\n/) as string, err: expect.stringMatching(/^\d+ events taken in, .* 0 parked\.\n$/) as string,
      });
      expect(await wami('projection', 'rollback')).toMatchObject({ code: 5, out: '', err: expect.stringContaining('No read model has tables from before') as string });
      expect(await wami('projection', 'rollback', 'resources')).toMatchObject({ code: 5, err: expect.stringContaining('nothing is kept of resources') as string });
      expect(await wami('projection', 'rebuild', 'no-such-model')).toMatchObject({ code: 1, err: expect.stringContaining('/models/0') as string });
    });

    it('rebuild tells how far it is and swaps, verify finds both equal, rollback goes back and forward again', async () => {
      await wami('user', 'create', 'ann', '--wait');
      const rebuilt = await wami('projection', 'rebuild', 'resources', 'sync-states');
      expect(rebuilt).toMatchObject({ code: 0, err: expect.stringMatching(/^job_\w+ rebuild: [^]*job_\w+ rebuild: done\n$/) as string });
      expect(rebuilt.out).toMatch(/^MODEL[^\n]*\n(resources|sync-states) +\d+ +2 +1 +yes\n(resources|sync-states) +\d+ +2 +1 +yes\n$/);
      expect(await wami('projection', 'verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^MODEL +TABLE +ROWS +VERDICT\n([\w-]+ +\w+ +\d+ +equal\n)+$/) as string, err: expect.stringContaining('sync-states: equal\n') as string });
      expect(await json<object[]>('projection', 'rollback', 'resources')).toEqual([expect.objectContaining({ name: 'resources', generation: 1, previousGeneration: 2, current: true })]);
      expect(await wami('user', 'get', 'ann')).toMatchObject({ code: 0 });
      expect(await json<object[]>('projection', 'rollback')).toEqual(expect.arrayContaining([
        expect.objectContaining({ name: 'resources', generation: 2 }), expect.objectContaining({ name: 'sync-states', generation: 1 }),
      ]));
      expect((await wami('projection', 'rebuild', '--no-wait', '-o', 'name')).out).toMatch(/^job\/job_\w+\n$/);
      await eventually(async () => expect((await wami('projection', 'status')).err).toContain('rebuild: done'));
    });

    it('verify names the rows that are not as the events make them, and a rebuild puts them right', async () => {
      const { id } = await json<{ id: string }>('user', 'create', 'lost');
      const generation = async (): Promise<number> => (await json<{ name: string; generation: number }[]>('projection', 'status')).find(({ name }) => name === 'resources')?.generation ?? 0;
      await eventually(async () => expect(await postgres.query(`DELETE FROM projection.resources_g${await generation()} WHERE id = $1 RETURNING id`, [id])).toEqual([{ id }]));
      const verified = await wami('projection', 'verify', 'resources');
      expect(verified).toMatchObject({ code: 1, out: expect.stringContaining(`; ${id} (missing)`) as string, err: expect.stringMatching(/^resources: differs\n✗ Not everything[^]*wami projection rebuild/) as string });
      expect((await wami('projection', 'rebuild', 'resources')).code).toBe(0);
      expect((await wami('projection', 'verify', 'resources')).code).toBe(0);
    });

    it('is the administrator\'s: there is none for a key of a tenant, whatever its role', async () => {
      const token = await keyOf('default');
      expect((await as(token, 'whoami')).code).toBe(0);
      expect((await as(token, 'dead-letters')).code).toBe(5);
      for (const verb of ['status', 'rebuild', 'rollback', 'verify']) expect({ verb, code: (await as(token, 'projection', verb)).code }).toEqual({ verb, code: 5 });
    });
  });

  it('dead-letters: none are parked, and what is not parked is neither shown, tried nor skipped', async () => {
    expect(await wami('dead-letters')).toMatchObject({ code: 0, out: '', err: 'No event is parked.\n' });
    expect(await wami('dead-letters', 'list', '--skipped')).toMatchObject({ code: 0, out: '', err: 'Nothing was skipped.\n' });
    expect(await wami('dead-letters', 'retry')).toMatchObject({ code: 0, out: expect.stringMatching(/^TAKEN IN +STILL PARKED\n0 +0\n$/) as string });
    expect(await wami('dead-letters', 'skip', 'evt_1')).toMatchObject({ code: 64, err: expect.stringContaining('--reason') as string });
    for (const args of [['show', 'evt_1'], ['retry', 'evt_1'], ['skip', 'evt_1', '--reason', 'x', '--yes']]) {
      expect(await wami('dead-letters', ...args)).toMatchObject({ code: 5, err: expect.stringContaining('there is no such dead letter') as string });
    }
  });

  it('dead-letters: an event that nobody knows is found, shown, tried again or skipped; everything else flows on', async () => {
    const poison = async (name: string): Promise<{ user: string; event: string }> => {
      const { id: user } = await json<{ id: string }>('user', 'create', name, '--wait');
      await postgres.query(`INSERT INTO identity.events (tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta, recorded_at)
        SELECT tenant, stream_id, version + 1, 'evt_of_' || $2, 'wami.user.blessed.v7', schema_v, key, subject, '{"tags": {"blessed": "yes"}}', '{}', meta, now()
        FROM identity.events WHERE stream_id = $1 ORDER BY version DESC LIMIT 1`, [user, name]);
      return { user, event: `evt_of_${name}` };
    };
    const [dot, eli] = [await poison('dot'), await poison('eli')];
    // Of the projection, and of the sync service of each cloud.
    const own = ['--consumer', 'projection'];
    await eventually(async () => expect((await json<object[]>('dead-letters', ...own)).length).toBe(2));
    expect((await wami('dead-letters', ...own, '--resource', dot.user)).out).toMatch(new RegExp(`^ID +TYPE +RESOURCE +TENANT +PARKED +TRIED +WHY\\nevt_of_dot +wami\\.user\\.blessed\\.v7 +${dot.user} +default +\\d+ s ago +1 +.*blessed.*\\n$`));
    expect(await json('dead-letters', 'show', dot.event)).toMatchObject({ id: dot.event, consumer: 'projection', behind: 0, data: { tags: { blessed: 'yes' } } });
    expect((await wami('projection', 'status')).err).toContain(' 2 parked.');
    expect((await wami('status')).err).toContain('✗ 2 events were not taken in: wami dead-letters\n');
    expect(await as(await keyOf('default'), 'status')).toMatchObject({ err: expect.not.stringContaining('taken in') as string });
    expect(await wami('user', 'get', 'dot')).toMatchObject({ code: 1, err: expect.stringMatching(/^✗ Unreadable: wami\.user\.blessed\.v7[^]*Install the release/) as string });
    expect((await wami('tenant', 'list')).code).toBe(0);
    await eventually(async () => {
      const figures = await (await fetch(`${server.url}/metrics`, { headers: { authorization: server.authorization } })).text();
      for (const consumer of ['projection', 'sync-aws']) expect(figures).toContain(`wami_deadletter_events{consumer="${consumer}"} 2`);
    });
    expect((await wami('user', 'create', 'fay', '--wait')).code).toBe(0);
    expect(await wami('dead-letters', 'retry', dot.event)).toMatchObject({ code: 1, out: expect.stringMatching(/\n0 +1\n$/) as string, err: expect.stringContaining('1 are still parked.') as string });
    // As a release that knows it reads it.
    await postgres.query(`UPDATE projection.parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE id = $1`, [dot.event]);
    expect(await wami('dead-letters', 'retry', dot.event)).toMatchObject({ code: 0, out: expect.stringMatching(/\n1 +0\n$/) as string });
    expect((await server.call<{ items: object[] }>('GET', `/v1/resources?tag=blessed%3Dyes`)).body.items).toHaveLength(1);
    expect(await wami('dead-letters', 'skip', eli.event, '--reason', 'not needed')).toMatchObject({ code: 7, err: expect.stringContaining(`what wami.user.blessed.v7 says of ${eli.user}`) as string });
    expect(await wami('dead-letters', 'skip', eli.event, '--reason', 'not needed', '--yes')).toMatchObject({ code: 0, out: expect.stringMatching(/\n0 +0\n$/) as string });
    expect((await wami('dead-letters', 'list', '--skipped')).out).toMatch(/skipped by admin: not needed/);
    expect(await wami('dead-letters', ...own)).toMatchObject({ out: '', err: 'No event is parked.\n' });
    await ofSyncServices(dot, eli);
    expect(await wami('dead-letters')).toMatchObject({ out: '', err: 'No event is parked.\n' });
  });

  /** The same two events, as sync-aws parked them. */
  async function ofSyncServices(dot: { user: string; event: string }, eli: { user: string; event: string }): Promise<void> {
    const cloud = new SandboxAws(dataDir);
    const before = await cloud.calls();
    const [id, other] = [`sync-aws:${dot.event}`, `sync-aws:${eli.event}`];
    await eventually(async () => expect((await json<{ id: string }[]>('dead-letters', '--consumer', 'sync-aws')).map((one) => one.id).sort()).toEqual([id, other].sort()));
    expect(await json('dead-letters', 'show', id)).toMatchObject({ consumer: 'sync-aws', event: dot.event, resource: dot.user, attempts: 1, behind: 0, data: { tags: { blessed: 'yes' } } });
    expect(await wami('dead-letters', 'retry', id)).toMatchObject({ code: 1, out: expect.stringMatching(/\n0 +1\n$/) as string });
    expect(await json('dead-letters', 'show', id)).toMatchObject({ attempts: 2 });
    expect(await cloud.calls()).toEqual(before);
    await postgres.query(`UPDATE sync_aws.engine_parked SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE id = $1`, [dot.event]);
    expect(await wami('dead-letters', 'skip', other, '--reason', 'not needed')).toMatchObject({ code: 7, err: expect.stringContaining('The clouds of sync-aws never hold') as string });
    expect(await wami('dead-letters', 'skip', other, '--reason', 'not needed', '--yes')).toMatchObject({ code: 0, out: expect.stringMatching(/\n0 +0\n$/) as string });
    expect(await wami('dead-letters', 'retry', other)).toMatchObject({ code: 5 });
    expect(await json('dead-letters', 'list', '--skipped', '--consumer', 'sync-aws')).toEqual([expect.objectContaining({ id: other, skipped: expect.objectContaining({ by: 'admin', reason: 'not needed' }) as object })]);
    expect(await wami('dead-letters', 'retry')).toMatchObject({ code: 0, out: expect.stringMatching(/\n1 +0\n$/) as string });
    await eventually(async () => expect((await cloud.state()).users.find(({ userName }) => userName === 'dot')?.tags).toMatchObject({ blessed: 'yes' }));
  }

  it('report: each of them as a table, as JSON and as CSV', async () => {
    const ok = async (...args: string[]): Promise<string> => {
      const { code, out } = await wami(...args);
      expect([args, code]).toEqual([args, 0]);
      return out;
    };
    await ok('user', 'create', 'dora', '--wait');
    await ok('group', 'create', 'readers', '--wait');
    await ok('group', 'add', 'readers', 'dora', '--wait');
    writeFileSync(join(dataDir, 'read.json'), JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] }));
    await ok('policy', 'create', 'read', '--document', join(dataDir, 'read.json'));
    await ok('policy', 'attach', 'read', 'group/readers', '--wait');
    await eventually(async () => expect(await ok('report', 'access', '--principal', 'user/dora')).toMatch(/^TENANT +PATH +FROM +WHERE +MAY\ndefault +user\/dora > group\/readers > policy\/read +aws\/000000000001 +s3:GetObject\n$/));
    const csv = (await ok('report', 'access', '--policy', 'policy/read', '-o', 'csv')).split('\r\n');
    expect(csv).toEqual([expect.stringMatching(/^tenant,principal,principalKind,principalName,path,group,policy,policyTenant,allows,denies,targets$/), expect.stringMatching(/^default,usr_\w+,user,dora,user\/dora > group\/readers > policy\/read,grp_\w+,pol_\w+,default,s3:GetObject,,aws\/000000000001\n$/)]);
    expect(await json('report', 'sync-health', '--provider', 'aws')).toEqual(expect.arrayContaining([expect.objectContaining({ tenant: 'default', provider: 'aws', kind: 'group', failed: 0 })]));
    expect(await ok('report', 'sla')).toMatch(/^TARGET +CHANGES +IN TIME +LATE +FAILED +OBJECTIVE +BUDGET LEFT +P50 +P99\naws\/000000000001 +\d+ /);
    expect(await ok('report', 'credentials')).toMatch(/^TARGET +TYPE +HEALTH +END +WHO\naws\/000000000001 +\w+ +ok +arn:aws:/);
    expect(await json('report', 'keys')).toEqual(expect.any(Array));
    expect(await wami('report', 'drift', '--provider', 'gcp')).toMatchObject({ code: 0, out: '', err: 'No drift was ever found, and no target is compared by a schedule.\n' });
    expect(await wami('report', 'sla', '--policy', 'x')).toMatchObject({ code: 64, err: expect.stringContaining('takes no --policy') as string });
    expect((await wami('report', 'nothing')).code).toBe(64);
  });

  it('a name alone is enough where one thing alone has it', async () => {
    await json('user', 'create', 'solo');
    expect(await wami('sync', 'explain', 'SOLO')).toMatchObject({ code: 0, out: expect.stringMatching(/^user\/solo /) as string });
    await json('group', 'create', 'solo');
    expect(await wami('sync', 'explain', 'solo')).toMatchObject({ code: 64, err: expect.stringMatching(/^✗ 2 are named solo: (?=.*group\/solo grp_)(?=.*user\/solo usr_)/) as string });
    expect(await wami('sync', 'explain', 'nobody')).toMatchObject({ code: 5, err: expect.stringMatching(/^✗ Nothing is named nobody\.\n/) as string });
    expect((await wami('events', 'export', '--resource', 'user/solo')).out).toContain('wami.user.created.v1');
  });

  describe('events export', () => {
    const events = (text: string): WamiCloudEvent[] => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as WamiCloudEvent);
    const ids = (text: string): string[] => events(text).map(({ id }) => id);

    it('writes the log to a file of its owner and goes on behind its last whole line, while more comes in', async () => {
      const file = join(dataDir, 'events.ndjson');
      expect(await wami('events', 'export', '--out', file)).toMatchObject({ code: 0, out: '', err: expect.stringMatching(/^\d+ events\. Go on from here with --after \S+\n$/) as string });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(await wami('events', 'export', '--out', file)).toMatchObject({ code: 64, err: expect.stringContaining('exists already') as string });
      await wami('user', 'create', 'bea', '--wait');
      appendFileSync(file, '{"specversion":"1.0","id":"evt_torn');
      expect((await wami('events', 'export', '--out', file, '--resume')).code).toBe(0);
      const whole = (await wami('events', 'export')).out;
      expect(ids(whole).slice(0, ids(readFileSync(file, 'utf8')).length)).toEqual(ids(readFileSync(file, 'utf8')));
      expect((await wami('events', 'export', '--out', file, '--resume')).code).toBe(0);
      expect(new Set(ids(readFileSync(file, 'utf8'))).size).toBe(ids(readFileSync(file, 'utf8')).length);
      expect(events(whole).some(({ type, data }) => type === 'wami.user.created.v1' && JSON.stringify(data.personal).includes('"bea"'))).toBe(true);
      writeFileSync(file, 'no event\n');
      expect(await wami('events', 'export', '--out', file, '--resume')).toMatchObject({ code: 64, err: expect.stringContaining('no event') as string });
      expect(await wami('events', 'export', '--resume')).toMatchObject({ code: 64, err: expect.stringContaining('--out') as string });
    });

    it('misses nothing and tells nothing twice over several pages', async () => {
      await wami('tenant', 'create', 'large');
      const operations = Array.from({ length: 1000 }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'large', userName: `many-${i}` } }));
      const { results } = (await server.call<{ results: { status: number }[] }>('POST', '/v1/batch', { operations })).body;
      expect(results.every(({ status }) => status === 201)).toBe(true);
      const exported = ids((await wami('-t', 'large', 'events', 'export')).out);
      expect(exported.length).toBeGreaterThan(1000);
      expect(exported).toEqual((await postgres.query<{ id: string }>(`SELECT id FROM projection.events WHERE tenant = 'large' ORDER BY seq`)).map(({ id }) => id));
    });

    it('takes types, a resource, a position; and of a tenant only its own, whoever asks', async () => {
      await wami('tenant', 'create', 'apart');
      const { id } = await json<{ id: string }>('-t', 'apart', 'user', 'create', 'cay');
      const of = async (...args: string[]): Promise<WamiCloudEvent[]> => events((await wami('events', 'export', ...args)).out);
      const typed = await of('--type', 'wami.user.created.v1', '--type', 'wami.tenant.created.v1');
      expect(new Set(typed.map(({ type }) => type))).toEqual(new Set(['wami.user.created.v1', 'wami.tenant.created.v1']));
      const passedOver = 'Passed over, though other versions of what was named: wami.tenant.sync-configured.v2. Name them too, each with --type.\n';
      expect((await wami('events', 'export', '--type', 'wami.tenant.sync-configured.v1')).err).toMatch(new RegExp(`^${passedOver}`));
      expect((await wami('events', 'export', '--type', 'wami.tenant.sync-configured.v1', '--type', 'wami.tenant.sync-configured.v2')).err).not.toContain('Passed over');
      const about = await of('--resource', id);
      expect(about.length).toBeGreaterThan(0);
      expect(about.every(({ key }) => key === id)).toBe(true);
      expect((await of('--after', typed[0]?.position ?? '', '--type', 'wami.user.created.v1', '--type', 'wami.tenant.created.v1')).map((one) => one.id)).toEqual(typed.slice(1).map((one) => one.id));
      const own = events((await as(await keyOf('apart'), 'events', 'export')).out);
      expect(own.length).toBeGreaterThan(0);
      expect(own.every(({ tenant }) => tenant === 'apart')).toBe(true);
      expect(events((await as(await keyOf('apart'), 'events', 'export', '--resource', (await json<{ id: string }>('user', 'get', 'bea')).id)).out)).toEqual([]);
    });

    it('and a fold of the whole log into new tables call no cloud', async () => {
      const cloud = new SandboxAws(dataDir);
      const before = await cloud.calls();
      expect(before).toMatchObject({ CreateUser: expect.any(Number) as number });
      expect((await wami('events', 'export')).code).toBe(0);
      expect((await wami('projection', 'rebuild')).code).toBe(0);
      expect((await wami('projection', 'rollback', '--yes')).code).toBe(0);
      expect((await wami('events', 'replay', '--to-projection')).code).toBe(0);
      expect(await cloud.calls()).toEqual(before);
    });

    it('ends with a position, a time, or so many', async () => {
      const all = events((await wami('events', 'export')).out);
      const of = async (...args: string[]): Promise<string[]> => ids((await wami('events', 'export', ...args)).out);
      const tenth = all[9];
      expect(await of('--until', tenth?.position ?? '')).toEqual(all.slice(0, 10).map(({ id }) => id));
      expect(await of('--limit', '1003', '--after', tenth?.position ?? '')).toEqual(all.slice(10, 1013).map(({ id }) => id));
      const later = all.findIndex(({ time }) => Date.parse(time) > Date.parse(tenth?.time ?? ''));
      expect(await of('--until', tenth?.time ?? '')).toEqual(all.slice(0, later).map(({ id }) => id));
      expect(await wami('events', 'export', '--until', 'x')).toMatchObject({ code: 64, err: expect.stringContaining('no position') as string });
      expect(await wami('events', 'export', '--until', '2026-99-01')).toMatchObject({ code: 64, err: expect.stringContaining('a time with its zone') as string });
    });
  });

  describe('events replay', () => {
    const idsIn = (file: string): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as WamiCloudEvent).id);

    it('copies from the log or a file of an export into a file, by the same filters, and goes on with it', async () => {
      const [whole, part, later] = ['whole', 'part', 'later'].map((name) => join(dataDir, `replay-${name}.ndjson`)) as [string, string, string];
      await json('user', 'create', 'rea');
      expect((await wami('events', 'export', '--out', whole)).code).toBe(0);
      const filters = ['-t', 'default', '--type', 'wami.user.created.v1', '--type', 'wami.user.updated.v1'];
      expect(await wami('events', 'replay', '--to-file', part, ...filters)).toMatchObject({ code: 0, out: '' });
      expect(await wami('events', 'replay', '--from-file', whole, '--to-file', later, '--limit', '2', ...filters, '--address', 'http://127.0.0.1:1')).toMatchObject({ code: 0, err: expect.stringMatching(/^2 events\. Go on from here with --after \S+\n$/) as string });
      expect(idsIn(later)).toEqual(idsIn(part).slice(0, 2));
      expect((await wami('events', 'replay', '--from-file', whole, '--to-file', later, '--resume', ...filters)).code).toBe(0);
      expect(idsIn(later)).toEqual(idsIn(part));
      appendFileSync(whole, 'no event\n');
      expect(await wami('events', 'replay', '--from-file', whole, '--to-file', `${later}.2`)).toMatchObject({ code: 64, err: expect.stringMatching(/Line \d+ of .* is no event/) as string });
      expect(await wami('events', 'replay', '--from-file', `${whole}.not`, '--to-file', `${later}.3`)).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read') as string });
    });

    it('makes read models of what was taken in up to then, beside those that answer', async () => {
      const { position } = JSON.parse((await wami('events', 'export', '--type', 'wami.user.created.v1', '--limit', '1')).out) as WamiCloudEvent;
      const { id } = await json<{ id: string }>('user', 'create', 'later-on');
      const lines = async (): Promise<string> => (await wami('projection', 'rows', 'resources')).out;
      expect(await wami('events', 'replay', '--to-projection', 'resources', '--until', position)).toMatchObject({ code: 0, err: expect.stringMatching(/ replay: done\n$/) as string });
      expect(await lines()).not.toContain(id);
      expect(await json('user', 'get', 'later-on')).toMatchObject({ id });
      expect((await wami('projection', 'status')).out).toMatch(/^resources +\d+ +\d+ +(\d+, )?replay of \d+ events +yes$/m);
      expect(await wami('projection', 'verify', '--replayed')).toMatchObject({ code: 0, out: expect.stringMatching(/^MODEL +TABLE +ROWS +VERDICT\nresources /) as string });
      expect((await wami('events', 'replay', '--to-projection', 'resources')).code).toBe(0);
      expect((await lines()).split('\n').filter((line) => line.includes(id)).map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ schema: 1, id, name: 'later-on' })]);
      expect(await json<object[]>('projection', 'rows', 'resources')).toContainEqual(expect.objectContaining({ id }));
    });

    it('says what does not go together, what there is no Kafka for, and who may', async () => {
      expect(await wami('events', 'replay')).toMatchObject({ code: 64, err: expect.stringContaining('--to-topic') as string });
      expect(await wami('events', 'replay', '--to-topic', 'a', '--to-file', 'b')).toMatchObject({ code: 64 });
      expect(await wami('events', 'replay', '--to-topic', 'audit', '--from-file', 'b')).toMatchObject({ code: 64, err: expect.stringContaining('in the open') as string });
      expect(await wami('events', 'replay', '--to-topic', 'audit', '--resume')).toMatchObject({ code: 64 });
      expect(await wami('events', 'replay', '--to-projection', '--type', 'x')).toMatchObject({ code: 64, err: expect.stringContaining('fold of all events') as string });
      expect(await wami('events', 'replay', '--to-topic', 'audit')).toMatchObject({ code: 6, err: expect.stringContaining('WAMI_KAFKA_BROKERS') as string });
      expect(await wami('events', 'replay', '--to-topic', 'wami.sync.v1')).toMatchObject({ code: 1, err: expect.stringContaining("name of WAMI's own") as string });
      expect(await wami('events', 'replays')).toMatchObject({ code: 0, out: '', err: 'Nothing was replayed into a topic.\n' });
      expect((await wami('events', 'replays', 'cancel', 'job_unknown')).code).toBe(5);
      expect(await as(await keyOf('apart'), 'events', 'replay', '--to-topic', 'audit')).toMatchObject({ code: 5 });
    });
  });
});
