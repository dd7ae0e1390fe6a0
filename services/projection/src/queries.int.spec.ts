import 'reflect-metadata';
import { jobViewSchema, problemSchema, shownSyncState, syncMapSchema, syncStateSchema, type RecordedEvent, type SyncMap } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { z } from 'zod';
import { cloudEventSchema } from './events/cloud-event.schema';
import { resourceItemSchema, type ResourceItem } from './resources/resources.query';
import { syncSummarySchema } from './sync-states/sync-summary.query';
import { AWS, positionAfter, World, type Running } from './testing/world';

const list = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), nextCursor: z.string().optional() });

jest.setTimeout(60_000);

describe('the queries of the projection', () => {
  let world: World;
  let running: Running;
  let ann: RecordedEvent;
  worldForAll(World.open, async (opened) => {
    world = opened;
    await world.tenant('acme');
    await world.tenant('acme/core');
    await world.tenant('acme-not-below');
    await world.configure('acme', { providers: [AWS] });
    ann = await world.user('acme', 'usr_ANN', 'created', { data: { path: '/eng/', tags: { team: 'core' } }, personal: { userName: 'Ann', email: 'ann@example.org' } });
    await world.user('acme/core', 'usr_BOB', 'created');
    await world.group('acme', 'grp_ENG');
    await world.user('acme-not-below', 'usr_EVE', 'created');
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  const stateOf = async (id: string): Promise<string | undefined> => (await running.read<SyncMap>(`/v1/resources/${id}/sync`))['aws']?.[AWS.account]?.state;

  it('list resources with the worst state of each', async () => {
    const page = list(resourceItemSchema).parse(await running.read('/v1/resources'));
    expect(page.items.map(({ id, worstState }) => [id, worstState])).toEqual([
      ['usr_EVE', undefined], ['grp_ENG', 'Pending'], ['usr_ANN', 'Pending'], ['usr_BOB', 'Pending'],
    ]);
  });

  it.each([
    ['tenant=acme', ['grp_ENG', 'usr_ANN', 'usr_BOB']],
    ['tenant=acme%2Fcore', ['usr_BOB']],
    ['kind=group', ['grp_ENG']],
    ['q=aN', ['usr_ANN']],
    ['q=usr_BOB', ['usr_BOB']],
    ['q=%25', []],
    ['tag=team', ['usr_ANN']],
    ['tag=team%3Dcore', ['usr_ANN']],
    ['tag=team%3Dother', []],
    ['path=%2Feng%2F', ['usr_ANN']],
    ['state=Pending', ['grp_ENG', 'usr_ANN', 'usr_BOB']],
    ['state=Pending&tenant=acme%2Fcore', ['usr_BOB']],
    ['tenant=nobody', []],
  ])('narrow resources by %s', async (filter, ids) => {
    const { items } = await running.read<{ items: ResourceItem[] }>(`/v1/resources?${filter}`);
    expect(items.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it('list the states of each where that is asked for, none where no target is', async () => {
    const { items } = await running.read<{ items: ResourceItem[] }>('/v1/resources?include=states&limit=2');
    expect(items.map(({ id, states }) => [id, states])).toEqual([['usr_EVE', []], ['grp_ENG', [{ ...AWS, state: 'Pending' }]]]);
    expect(list(resourceItemSchema).parse(await running.read('/v1/resources')).items[0]).not.toHaveProperty('states');
  });

  it('find a resource by id and by ARN, and 404 what never was', async () => {
    expect(resourceItemSchema.parse(await running.read('/v1/resources/usr_ANN'))).toMatchObject({ id: 'usr_ANN', name: 'Ann', tenant: 'acme', arn: ann.subject });
    expect(await running.read(`/v1/resources/${encodeURIComponent(ann.subject)}`)).toMatchObject({ id: 'usr_ANN' });
    for (const unknown of ['usr_NOBODY', encodeURIComponent(ann.subject.replace(':acme:', ':other:')), 'arn%3Abroken', '%20']) {
      const response = await running.get(`/v1/resources/${unknown}/sync`);
      expect(response.status).toBe(404);
      expect(problemSchema.parse(await response.json()).code).toBe('NotFound');
    }
  });

  it('show each step of a binding, from Pending over Syncing to Synced, Failed, and gone', async () => {
    const about = { tenant: 'acme', resource: 'usr_LIFE' };
    const made = await world.user('acme', 'usr_LIFE', 'created');
    const map = syncMapSchema.parse(await running.read('/v1/resources/usr_LIFE/sync'));
    expect(map).toEqual({ aws: { [AWS.account]: { ...shownSyncState({ state: 'Pending', resource: 'usr_LIFE', kind: 'user', tenant: 'acme', ...AWS, operation: 'create', updatedAt: made.time }) } } });
    const told = { intent: made.position, version: 1, operation: 'create' as const };
    await world.outcome('wami.sync.requested.v1', about, told);
    await world.outcome('wami.sync.started.v1', about, { ...told, attempt: 1 });
    expect(await stateOf('usr_LIFE')).toBe('Syncing');
    await world.synced(about, made.position);
    expect(syncMapSchema.parse(await running.read('/v1/resources/usr_LIFE/sync'))['aws']?.[AWS.account]).toMatchObject({ state: 'Synced', version: 1, nativeArn: 'arn:aws:iam::1:user/usr_LIFE' });
    const changed = await world.user('acme', 'usr_LIFE', 'updated', { data: { tags: { a: 'b' } } });
    expect(syncMapSchema.parse(await running.read('/v1/resources/usr_LIFE/sync'))['aws']?.[AWS.account]).toMatchObject({ state: 'Pending', operation: 'update' });
    await world.outcome('wami.sync.failed.v1', about, { intent: changed.position, version: 2, operation: 'update', code: 'AccessDenied', retryable: false, retryCount: 3 }, { message: 'no' });
    expect(syncMapSchema.parse(await running.read('/v1/resources/usr_LIFE/sync'))['aws']?.[AWS.account]).toMatchObject({ state: 'Failed', error: { code: 'AccessDenied', message: 'no' } });
    for (const [filter, found] of [['state=Failed', ['usr_LIFE']], ['code=AccessDenied', ['usr_LIFE']], ['code=Conflict', []], ['state=Synced&code=AccessDenied', []]] as const)
      expect([filter, (await running.read<{ items: ResourceItem[] }>(`/v1/resources?${filter}`)).items.map(({ id }) => id)]).toEqual([filter, found]);
    expect((await running.read<{ items: ResourceItem[] }>('/v1/resources?q=usr_LIFE&include=states')).items[0]?.states).toEqual([{ ...AWS, state: 'Failed' }]);
    const member = await world.member('acme', 'grp_ENG', 'usr_LIFE');
    expect(await stateOf('usr_LIFE')).toBe('Pending');
    await world.synced(about, member.position, 'update');
    const deleted = await world.user('acme', 'usr_LIFE', 'deleted');
    expect(syncMapSchema.parse(await running.read('/v1/resources/usr_LIFE/sync'))['aws']?.[AWS.account]).toMatchObject({ state: 'Pending', operation: 'delete' });
    await world.synced(about, deleted.position, 'delete');
    expect(await running.read('/v1/resources/usr_LIFE/sync')).toEqual({});
    expect((await running.get('/v1/resources/usr_LIFE')).status).toBe(404);
    expect(await running.read('/v1/resources?q=usr_LIFE')).toEqual({ items: [] });
    expect(await running.read('/v1/sync-states?q=usr_LIFE')).toEqual({ items: [] });
    const { items } = list(cloudEventSchema).parse(await running.read('/v1/resources/usr_LIFE/history'));
    // Each source in its own order; between sources there is none but that of cause and effect.
    const typesOf = (intent: boolean): (string | undefined)[] => items.filter(({ type }) => !type.startsWith('wami.sync.') === intent).map(({ type }) => type.split('.')[2]);
    expect(typesOf(true)).toEqual(['created', 'updated', 'added', 'deleted']);
    expect(typesOf(false)).toEqual(['requested', 'started', 'succeeded', 'failed', 'succeeded', 'succeeded']);
    expect((await running.read<{ items: unknown[] }>('/v1/resources/grp_ENG/history')).items).toHaveLength(2);
  });

  it('show what a tenant asks for no more as NotConfigured, and a trigger that is off as the reason', async () => {
    await world.tenant('turning');
    await world.user('turning', 'usr_TURN', 'created');
    expect(await running.read('/v1/resources/usr_TURN/sync')).toEqual({});
    const on = await world.configure('turning', { providers: [AWS], triggers: { onUpdate: false } });
    expect((await running.read<SyncMap>('/v1/resources/usr_TURN/sync'))['aws']?.[AWS.account]).toMatchObject({ state: 'Pending', updatedAt: on.time });
    await world.synced({ tenant: 'turning', resource: 'usr_TURN' }, on.position);
    expect(await stateOf('usr_TURN')).toBe('Synced');
    await world.user('turning', 'usr_TURN', 'updated', { data: { tags: { x: 'y' } } });
    expect((await running.read<SyncMap>('/v1/resources/usr_TURN/sync'))['aws']?.[AWS.account]).toMatchObject({ state: 'Pending', reason: expect.stringContaining('onUpdate') });
    await world.configure('turning', { providers: [] });
    expect(await stateOf('usr_TURN')).toBe('NotConfigured');
    await world.user('turning', 'usr_LATER', 'created');
    expect(await running.read('/v1/resources/usr_LATER/sync')).toEqual({});
    await world.user('acme', 'usr_NARROW', 'created', { data: { syncToProviders: ['gcp'] } });
    expect(await running.read('/v1/resources/usr_NARROW/sync')).toEqual({});
  });

  it('list states, and count them in the summary', async () => {
    const { items } = list(syncStateSchema).parse(await running.read(`/v1/sync-states?tenant=acme&provider=aws&account=${AWS.account}&state=Pending&kind=user`));
    expect(items.map(({ resource }) => resource)).toEqual(expect.arrayContaining(['usr_ANN', 'usr_BOB']));
    expect((await running.read<{ items: unknown[] }>('/v1/sync-states?q=ann')).items).toEqual([expect.not.objectContaining({ name: expect.anything() as string })]);
    expect((await running.read<{ items: unknown[] }>('/v1/sync-states?q=ann&include=name')).items).toEqual([expect.objectContaining({ resource: 'usr_ANN', name: 'Ann' })]);
    const summary = syncSummarySchema.parse(await running.read('/v1/sync-summary?tenant=acme'));
    expect(summary.counts).toContainEqual({ ...AWS, kind: 'group', state: 'Pending', count: 1 });
    expect(summary.oldestPendingAt).toBe(ann.time);
    expect(summary.settleSeconds.p99).toBeGreaterThanOrEqual(summary.settleSeconds.p50);
    expect(summary.lagSeconds).toBeGreaterThanOrEqual(0);
  });

  it('long-poll until every target has settled', async () => {
    const made = await world.user('acme', 'usr_WAIT', 'created');
    const waiting = running.read<SyncMap>('/v1/resources/usr_WAIT/sync?settled=true&wait=20', 'admin', { 'wami-after': positionAfter(made) });
    await world.synced({ tenant: 'acme', resource: 'usr_WAIT' }, made.position);
    expect((await waiting)['aws']?.[AWS.account]?.state).toBe('Synced');
    await world.user('acme', 'usr_WAIT', 'updated');
    expect((await running.read<SyncMap>('/v1/resources/usr_WAIT/sync?settled=true&wait=1'))['aws']?.[AWS.account]?.state).toBe('Pending');
  });

  it('count a job by what its bindings report', async () => {
    const job = { stream: 'job_ONE', key: 'job_ONE', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:sync-job/job_ONE', personal: {} };
    await world.append(world.identity, { ...job, type: 'wami.sync-job.requested.v1', data: { verb: 'sync', scope: 'acme', targets: [AWS] } });
    const view = async () => jobViewSchema.parse(await running.read('/v1/jobs/job_ONE'));
    expect(await view()).toMatchObject({ id: 'job_ONE', verb: 'sync', state: 'running', total: 0 });
    await world.append(world.aws, { ...job, stream: `job_ONE/aws`, type: 'wami.sync.job-accepted.v1', data: { job: 'job_ONE', ...AWS, bindings: 2 } });
    const told = { intent: ann.position, version: 1, operation: 'create' as const, jobs: ['job_ONE'] };
    await world.outcome('wami.sync.failed.v1', { tenant: 'acme', resource: 'usr_ANN' }, { ...told, code: 'Throttled', retryable: true, retryCount: 1 }, { message: 'slow down' });
    expect(await view()).toMatchObject({ state: 'running', total: 2, failed: 1, stillPending: 1 });
    await world.outcome('wami.sync.succeeded.v1', { tenant: 'acme', resource: 'usr_ANN' }, { ...told, changed: true });
    await world.outcome('wami.sync.skipped.v1', { tenant: 'acme/core', resource: 'usr_BOB' }, { ...told, reason: 'there already' });
    expect(await view()).toMatchObject({ state: 'done', total: 2, succeeded: 2, failed: 0, stillPending: 0 });
    expect((await running.get('/v1/jobs/job_ONE', 'tenant:other')).status).toBe(404);
    expect((await running.get('/v1/jobs/job_TWO')).status).toBe(404);
  });

  it('list events as CloudEvents, from a position on', async () => {
    const first = await running.read<{ items: { id: string; position: string; type: string }[]; position: string; nextCursor: string }>('/v1/events?limit=2');
    expect(z.array(cloudEventSchema).parse(first.items)).toHaveLength(2);
    const next = await running.read<{ items: { id: string }[] }>(`/v1/events?limit=1000&after=${first.position}`);
    const byCursor = await running.read<{ items: { id: string }[] }>(`/v1/events?limit=2&cursor=${first.nextCursor}`);
    expect(next.items.slice(0, 2)).toEqual(byCursor.items);
    expect((await running.read<{ items: { type: string }[] }>('/v1/events?type=wami.group.created.v1')).items.map(({ type }) => type)).toEqual(['wami.group.created.v1']);
    const tail = await running.read<{ items: { id: string }[] }>(`/v1/events?after=${positionAfter(ann)}`);
    expect(tail.items.map(({ id }) => id)).not.toContain(ann.id);
  });

  it.each([
    '/v1/resources?limit=0', '/v1/resources?limit=1001', '/v1/resources?limit=x', '/v1/resources?tenant=No/Tenant', '/v1/resources?nothing=1', '/v1/resources?cursor=abc',
    '/v1/sync-states?state=Green', '/v1/resources/usr_ANN/sync?wait=x', '/v1/sync-summary?tenant=', '/v1/resources?kind=user&kind=group',
  ])('refuse %s', async (path) => {
    expect((await running.get(path)).status).toBe(422);
  });

  it.each([
    ['q', '/v1/resources?q=%00'], ['path', '/v1/resources?path=%00'], ['tag', '/v1/resources?tag=a%00b'], ['kind', '/v1/resources?kind=%00'],
    ['account', '/v1/sync-states?account=%00'], ['provider', '/v1/sync-states?provider=%00'], ['q', '/v1/sync-states?q=%00'], ['type', '/v1/events?type=%00'],
    ['limit', '/v1/sync-states?limit=0'], ['colour', '/v1/sync-states?colour=red'], ['state', '/v1/sync-states?state=Green'], ['type', '/v1/events?type='],
  ])('name %s where they refuse %s', async (field, path) => {
    const response = await running.get(path);
    expect(response.status).toBe(422);
    const { errors = [] } = problemSchema.parse(await response.json());
    expect(errors.map(({ pointer }) => pointer.split('/')[1])).toContain(field);
  });

  it.each(['/v1/resources?limit=1', '/v1/sync-states?limit=1', '/v1/events?limit=1', '/v1/resources/usr_ANN/history?limit=1'])('refuse a cursor that was tampered with at %s', async (path) => {
    const { nextCursor = '' } = await running.read<{ nextCursor?: string }>(path);
    const [print, place] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString()) as [string, string[]];
    for (const part of ['a\u0000b', 'x', '-1', '1e99', '99999999999999999999']) {
      const forged = Buffer.from(JSON.stringify([print, place.map(() => part)])).toString('base64url');
      const response = await running.get(`${path}&cursor=${forged}`);
      expect([part, response.status < 500]).toEqual([part, true]);
    }
    const { errors } = problemSchema.parse(await (await running.get(`${path}&cursor=x`)).json());
    expect(errors).toEqual([expect.objectContaining({ pointer: '/cursor' })]);
  });
});
