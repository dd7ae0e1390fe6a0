import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobView, SyncMap } from '@wami/contracts';
import { createPool } from '@wami/event-store';
import { readConfig } from '@wami/platform';
import { PROJECTION_PERSONAL_COLUMNS } from '@wami/projection';
import { queryClient, type QueryClient } from '@wami/sandbox';
import { ENGINE_PERSONAL_COLUMNS } from '@wami/sync-engine';
import { patiently as eventually, removeDirectory, startTestCollector, startTestPostgres, temporaryDirectory, type TestCollector, type TestPostgres } from '@wami/testing';
import { useTracer } from '@wami/tracing';
import type { Pool } from 'pg';
import { standaloneConfigSchema } from './config';
import { startStandalone, type Standalone } from './start-standalone';
import { plantedWord, wordsIn } from './testing/planted';
import { recordingLogger } from './testing/recording-logger';
import { ofAnyGeneration, searchDatabase } from './testing/search-database';

jest.setTimeout(300_000);

const TOKEN = 'the-administrator-of-this-test';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const AWS = { provider: 'aws', account: '000000000001' };

/** Columns where plain text is allowed, as the services declare them. */
const DECLARED = new Set([
  ...Object.entries(PROJECTION_PERSONAL_COLUMNS).flatMap(([table, columns]) => columns.map((column) => `projection.${table}.${column}`)),
  ...Object.entries(ENGINE_PERSONAL_COLUMNS).flatMap(([table, columns]) => columns.map((column) => `sync_aws.${table}.${column}`)),
]);

interface Answer { readonly status: number; readonly text: string; readonly headers: Headers }

describe('what is personal', () => {
  const dataDir = temporaryDirectory('personal-data');
  const log: string[] = [];
  const told: string[] = [];
  /** What callers were answered who may not see the person, or whose request was refused. */
  const answers: string[] = [];
  const user = { name: plantedWord(), renamed: plantedWord(), display: plantedWord(), mail: plantedWord(), conflict: plantedWord(), batch: plantedWord(), imported: plantedWord(), bad: plantedWord(), key: plantedWord() };
  const group = { name: plantedWord(), display: plantedWord() };
  const ofUsers = Object.values(user);
  const all = [...ofUsers, ...Object.values(group)];
  let postgres: TestPostgres;
  let pool: Pool;
  let standalone: Standalone;
  let collector: TestCollector;
  let cloud: QueryClient;
  let sandbox: string;
  const ids: Record<'ann' | 'other' | 'batch' | 'imported', string> = { ann: '', other: '', batch: '', imported: '' };

  const start = async (): Promise<void> => {
    standalone = await startStandalone(readConfig(standaloneConfigSchema, {
      WAMI_DATA_DIR: dataDir, WAMI_SANDBOXES: 'aws', WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: TOKEN, WAMI_DATABASE_URL: postgres.url, WAMI_KEY_PEPPER: 'the-pepper-of-this-test-32-characters', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    }), recordingLogger(log));
    // In place of the tracer of this thread; the sync thread has its own, whose spans go to the collector.
    useTracer({ start: (...what) => {
      told.push(JSON.stringify(what));
      return { traceparent: TRACEPARENT, end: (...more) => void told.push(JSON.stringify(more)) };
    } });
    sandbox = (JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { sandboxes: Record<string, string> }).sandboxes[`aws/${AWS.account}`] ?? '';
    cloud = queryClient(sandbox);
  };

  beforeAll(async () => {
    [postgres, collector] = await Promise.all([startTestPostgres(), startTestCollector()]);
    pool = createPool({ connectionString: postgres.url, applicationName: 'searcher', max: 2, onError: () => undefined });
    await start();
    await ok('POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
    await ok('POST', '/v1/tenants', { id: 'other', name: 'Other' });
    await ok('PUT', '/v1/tenants/acme/sync-config', { providers: [AWS], retry: { maxRetries: 1, baseDelayMs: 10, maxDelayMs: 20 } });
  });
  afterAll(async () => {
    await standalone?.close();
    await pool?.end();
    await Promise.all([postgres?.stop(), collector?.close()]);
    removeDirectory(dataDir);
  });

  const call = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}, token = TOKEN): Promise<Answer> => {
    const response = await fetch(standalone.url + path, {
      method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(60_000),
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const ok = async <T = { id: string }>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T> => {
    const { status, text } = await call(method, path, body, headers);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  };
  /** Must not be a success; its answer is searched. */
  const refused = async (status: number, ...request: Parameters<typeof call>): Promise<void> => {
    const answer = await call(...request);
    answers.push(`${answer.text}\n${JSON.stringify([...answer.headers])}`);
    expect([request[0], request[1].split('?')[0], answer.status]).toEqual([request[0], request[1].split('?')[0], status]);
  };
  const faults = (method: string, body?: object): Promise<Response> => fetch(`${sandbox}/_sandbox/faults`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const stateOf = async (id: string): Promise<string | undefined> => (await ok<SyncMap>('GET', `/v1/resources/${id}/sync`))['aws']?.[AWS.account]?.state;
  const reaches = (id: string, state: string | undefined): Promise<void> => eventually(async () => expect(await stateOf(id)).toBe(state));
  const rebuild = async (): Promise<void> => {
    const { job } = await ok<{ job: string }>('POST', '/v1/projection/rebuild', {});
    await eventually(async () => expect(await ok<JobView>('GET', `/v1/jobs/${job}`)).toMatchObject({ state: 'done' }), { timeoutMs: 60_000 });
  };
  const report = (what: string, places: number, hits: readonly unknown[]): void => console.log(`${what}: places searched ${places}, hits ${hits.length}`);
  /** Of the database, but for the columns that may. */
  const searched = async (words: readonly string[], allowed: ReadonlySet<string>): Promise<{ places: number; hits: readonly unknown[] }> => {
    const { places, hits } = await searchDatabase(pool, words);
    return { places: places.length, hits: hits.filter(({ place }) => !allowed.has(ofAnyGeneration(place))) };
  };
  const streamed = async (): Promise<void> => {
    const response = await fetch(`${standalone.url}/v1/events?tenant=acme`, { headers: { authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' }, signal: AbortSignal.timeout(30_000) });
    const reader = response.body?.getReader();
    let seen = '';
    while (reader && !seen.includes(ids.ann)) seen += Buffer.from((await reader.read()).value ?? []).toString();
    await reader?.cancel();
  };

  it('goes through everything that WAMI does with people', async () => {
    const person = { tenant: 'acme', userName: user.name, displayName: `Ann ${user.display}`, email: `${user.mail}@example.org` };
    ids.ann = (await ok('POST', '/v1/users', person, { 'idempotency-key': `create-${user.key}` })).id;
    await ok('POST', '/v1/users', person, { 'idempotency-key': `create-${user.key}` });
    const staff = (await ok('POST', '/v1/groups', { tenant: 'acme', groupName: group.name, displayName: group.display })).id;
    await ok('PUT', `/v1/groups/${staff}/members/${ids.ann}`);
    await reaches(ids.ann, 'Synced');
    await faults('PUT', { accessDenied: ['UpdateUser'] });
    await ok('PATCH', `/v1/users/${ids.ann}`, { userName: user.renamed });
    await reaches(ids.ann, 'Failed');
    await faults('DELETE');
    expect(await ok('POST', '/v1/sync/plan', { filter: { tenant: 'acme' } }, { prefer: 'wait=20' })).toMatchObject({ state: 'complete', counts: { update: 1 } });
    await ok('POST', '/v1/sync/retry', { filter: { tenant: 'acme' } }, { prefer: 'wait=20' });
    await reaches(ids.ann, 'Synced');

    expect((await cloud('CreateUser', { UserName: user.conflict })).status).toBe(200);
    ids.other = (await ok('POST', '/v1/users', { tenant: 'acme', userName: user.conflict })).id;
    await reaches(ids.other, 'Failed');
    await ok('POST', '/v1/sync/resolve', { resource: ids.other, ...AWS, strategy: 'overwrite' });
    await reaches(ids.other, 'Synced');

    expect((await cloud('RemoveUserFromGroup', { UserName: user.renamed, GroupName: group.name })).status).toBe(200);
    await ok('POST', '/v1/sync', { resources: [ids.ann] }, { prefer: 'wait=20' });
    expect((await ok<{ items: object[] }>('GET', '/v1/drift?tenant=acme', undefined, { 'wami-consistency': 'strong' })).items).toMatchObject([{ state: 'corrected', differences: [{ at: `groups/${staff}`, expected: group.name }] }]);

    await ok('POST', '/v1/users?dryRun=true', { tenant: 'acme', userName: `${user.bad}-dry`, email: `${user.bad}@example.org` });
    const batch = await ok<{ results: { body: { id: string } }[] }>('POST', '/v1/batch', { operations: [{ method: 'POST', path: '/v1/users', body: { tenant: 'acme', userName: user.batch } }] }, { prefer: 'wait=20' });
    ids.batch = batch.results[0]?.body.id ?? '';

    expect((await cloud('CreateUser', { UserName: user.imported })).status).toBe(200);
    const { job } = await ok<{ job: string }>('POST', '/v1/sync/import', { tenant: 'acme', ...AWS, adopt: true });
    await eventually(async () => expect(await ok<JobView>('GET', `/v1/jobs/${job}`)).toMatchObject({ state: 'done', import: { imported: 1 } }));
    ids.imported = (await ok<{ items: { resource: string }[] }>('GET', `/v1/imports/${job}/items`)).items[0]?.resource ?? '';
    await reaches(ids.imported, 'Synced');
    const { repair } = await ok<{ repair: string }>('POST', '/v1/sync/repair', { tenant: 'acme', dryRun: true });
    await eventually(async () => expect(await ok('GET', `/v1/repairs/${repair}`)).toMatchObject({ state: 'complete' }));
    await streamed();
    await rebuild();
  });

  it('stands in no answer to a request that was refused', async () => {
    const stranger = (await ok<{ secret: string }>('POST', '/v1/api-keys', { tenant: 'other', role: 'admin', name: 'stranger' })).secret;
    const viewer = (await ok<{ secret: string }>('POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: 'viewer' })).secret;
    for (const path of [`/v1/users/${ids.ann}`, `/v1/resources/${ids.ann}`, `/v1/resources/${ids.ann}/sync`, `/v1/resources/${ids.ann}/history`, '/v1/resources?tenant=acme', '/v1/events?tenant=acme']) {
      await refused(404, 'GET', path, undefined, {}, stranger);
    }
    for (const query of ['', '?erase=true']) {
      await refused(404, 'DELETE', `/v1/users/${ids.ann}${query}`, undefined, {}, stranger);
      await refused(403, 'DELETE', `/v1/users/${ids.ann}${query}`, undefined, {}, viewer);
    }
    await refused(409, 'POST', '/v1/users', { tenant: 'acme', userName: user.renamed.toUpperCase() });
    await refused(412, 'PATCH', `/v1/users/${ids.ann}`, { displayName: 'x' }, { 'if-match': '"99"' });
    for (const body of [
      { tenant: 'acme', userName: `${user.bad} !`, email: user.bad }, { tenant: 'acme', userName: { [user.bad]: 1 } }, { tenant: 'acme', userName: 'x', displayName: user.bad.repeat(100) },
    ]) await refused(422, 'POST', '/v1/users', body);
    await refused(422, 'POST', '/v1/users', { tenant: 'acme', userName: user.bad }, { 'idempotency-key': `create-${user.key}` });
    const hits = answers.flatMap((text) => wordsIn(text, all).map((word) => ({ word, text })));
    report('refusals', answers.length, hits);
    expect(hits).toEqual([]);
  });

  it('stands in no column but the declared ones, in no line of the log and in no metric, each of which is documented', async () => {
    const database = await searched(all, DECLARED);
    report('database, before', database.places, database.hits);
    expect(database.hits).toEqual([]);
    const metrics = (await call('GET', '/metrics')).text;
    const documented = [...readFileSync(join(__dirname, '../../../docs/observability.md'), 'utf8').matchAll(/^\|.*$/gm)].flatMap(([line]) => line.split('|')[1]?.match(/wami_\w+/g) ?? []);
    const exported = [...metrics.matchAll(/^# HELP (wami_\w+)/gm)].map(([, name]) => name);
    expect([...exported, 'wami_outbox_lag_events'].sort()).toEqual(documented.sort());
    expect(metrics).toMatch(/wami_sync_settle_seconds_count\{provider="aws",lane="people",outcome="succeeded"\} \d/);
    const hits = [...log, ...metrics.split('\n')].filter((line) => wordsIn(line, all).length > 0);
    report('log and metrics', log.length + metrics.split('\n').length, hits);
    expect(hits).toEqual([]);
    expect(log.length).toBeGreaterThan(0);
  });

  it('control: is found where it does stand, in text, in JSON and in bytes, and each declared table does hold it', async () => {
    await pool.query(`CREATE TABLE planted_here (line text, document jsonb, bytes bytea)`);
    await pool.query('INSERT INTO planted_here VALUES ($1, $2, $3)', [`x${user.name}`, JSON.stringify({ deep: [{ er: user.mail }] }), Buffer.from(user.display)]);
    const { hits } = await searchDatabase(pool, all);
    await pool.query('DROP TABLE planted_here');
    expect(hits.filter(({ place }) => place.startsWith('public.')).map(({ place, words }) => [place, words])).toEqual([
      ['public.planted_here.line', [user.name]], ['public.planted_here.document', [user.mail]], ['public.planted_here.bytes', [user.display]],
    ]);
    const found = new Set(hits.map(({ place }) => ofAnyGeneration(place)));
    for (const place of ['projection.resources.name', 'projection.resources.name_key', 'projection.resources.document', 'projection.sync_states.said', 'sync_aws.engine_resources.document', 'sync_aws.engine_bindings.presence', 'projection.import_items.thing']) {
      expect(found).toContain(place);
    }
  });

  it('an erasure whose deletion a cloud refuses keeps what the deletion needs, and says that it is not done', async () => {
    await faults('PUT', { accessDenied: ['DeleteUser'] });
    await ok('DELETE', `/v1/users/${ids.ann}?erase=true`);
    await reaches(ids.ann, 'Failed');
    const { hits } = await searchDatabase(pool, ofUsers.filter((word) => ![user.conflict, user.batch, user.imported].includes(word)));
    expect(new Set(hits.map(({ place }) => place))).toEqual(new Set(['sync_aws.engine_bindings.presence', 'sync_aws.engine_resources.document']));
    expect(hits.flatMap(({ words }) => words)).toEqual([user.renamed, user.renamed]);
    await faults('DELETE');
    await ok('POST', '/v1/sync/retry', { filter: { tenant: 'acme' } }, { prefer: 'wait=20' });
    await reaches(ids.ann, undefined);
  });

  it('is nowhere once the people are erased: not in any table, not after a restart and a rebuild; and never was in a trace', async () => {
    await ok('DELETE', `/v1/users/${ids.batch}`);
    for (const id of [ids.other, ids.batch, ids.imported]) await ok('DELETE', `/v1/users/${id}?erase=true`, undefined, { prefer: 'wait=20' });
    await reaches(ids.other, undefined);
    await reaches(ids.batch, undefined);
    await reaches(ids.imported, undefined);
    const gone = async (): Promise<void> => expect((await searched(ofUsers, new Set())).hits).toEqual([]);
    await eventually(gone);
    const again = await call('POST', '/v1/users', { tenant: 'acme', userName: user.name, displayName: `Ann ${user.display}`, email: `${user.mail}@example.org` }, { 'idempotency-key': `create-${user.key}` });
    expect([again.status, JSON.parse(again.text)]).toEqual([201, expect.objectContaining({ id: ids.ann, userName: '' })]);
    await rebuild();
    await gone();
    await standalone.close();
    report('spans', told.length + collector.spans().length, wordsIn(told.join('\n') + collector.text(), all));
    expect([told.length > 200, collector.spans().length > 100, wordsIn(told.join('\n') + collector.text(), all)]).toEqual([true, true, []]);
    await start();
    await rebuild();
    expect(await ok('POST', '/v1/projection/verify', {})).toMatchObject({ equal: true });
    const { places, hits } = await searched(ofUsers, new Set());
    report('database, after the erasure', places, hits);
    expect(hits).toEqual([]);
    expect(log.filter((line) => wordsIn(line, all).length > 0)).toEqual([]);
  });

  it('of somebody who was erased does not come back with another of the same name: that one is new', async () => {
    const { id } = await ok('POST', '/v1/users', { tenant: 'acme', userName: user.name });
    expect(id).not.toBe(ids.ann);
    await reaches(id, 'Synced');
    expect(await ok<{ items: { id: string }[] }>('GET', `/v1/resources?q=${user.name}`, undefined, { 'wami-consistency': 'strong' })).toMatchObject({ items: [{ id }] });
  });
});
