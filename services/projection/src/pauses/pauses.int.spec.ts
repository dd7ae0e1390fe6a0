import 'reflect-metadata';
import { pauseViewSchema, type JobView, type PauseView } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { AWS, World, type Running } from '../testing/world';

jest.setTimeout(60_000);

describe('the list of pauses', () => {
  let world: World;
  let running: Running;
  worldForEach(World.open, async (opened) => {
    world = opened;
    for (const tenant of ['acme', 'acme/core', 'other']) await world.tenant(tenant);
    running = await world.project();
  }, { beforeClose: () => running.close() });

  const fact = (type: 'started' | 'ended', tenant: string, id: string, more: { key?: string; data?: object; personal?: object } = {}) =>
    world.fact({ type: `wami.pause.${type}.v1`, tenant, id, arnType: 'pause', ...(type === 'started' ? { personal: { reason: `why ${id}` } } : {}), ...more });
  const list = async (query = '', token?: string): Promise<PauseView[]> => {
    const { items } = await running.read<{ items: unknown[] }>(`/v1/pauses${query}`, token);
    return items.map((item) => pauseViewSchema.parse(item));
  };
  const ids = async (query = '', token?: string): Promise<string[]> => (await list(query, token)).map(({ id }) => id);

  it('tells what holds now, to who may see it; what is over only where that is asked for', async () => {
    await fact('started', '', 'pau_ALL');
    await fact('started', 'acme', 'pau_TENANT', { data: { ...AWS, until: '2999-01-01T00:00:00.000Z' } });
    await fact('started', 'acme/core', 'pau_CHILD');
    await fact('started', 'acme', 'pau_OVER', { data: { until: '2020-01-01T00:00:00.000Z' } });
    await fact('started', 'acme', 'pau_ENDED');
    await fact('ended', 'acme', 'pau_ENDED');
    expect(await ids()).toEqual(['pau_ALL', 'pau_TENANT', 'pau_CHILD']);
    expect(await ids('?tenant=acme')).toEqual(['pau_TENANT', 'pau_CHILD']);
    expect(await ids('', 'tenant:acme/core')).toEqual(['pau_CHILD']);
    expect(await ids('', 'tenant:other')).toEqual([]);
    expect(await ids('?tenant=acme&ended=true')).toEqual(['pau_ENDED', 'pau_OVER', 'pau_TENANT', 'pau_CHILD']);
    const [ended, , paused] = await list('?tenant=acme&ended=true');
    expect(ended).toMatchObject({ endedAt: expect.any(String) as string, endedBy: expect.any(String) as string, version: 2, reason: 'why pau_ENDED' });
    expect(paused).toEqual({
      id: 'pau_TENANT', arn: 'arn:wami:iam:acme:wami:local:pause/pau_TENANT', version: 1, tenant: 'acme', ...AWS, until: '2999-01-01T00:00:00.000Z', reason: 'why pau_TENANT',
      startedAt: expect.any(String) as string, startedBy: expect.any(String) as string,
    });
    const first = await running.read<{ items: PauseView[]; nextCursor: string }>('/v1/pauses?limit=2');
    expect((await running.read<{ items: PauseView[] }>(`/v1/pauses?limit=2&cursor=${first.nextCursor}`)).items.map(({ id }) => id)).toEqual(['pau_CHILD']);
    expect((await running.get('/v1/pauses?ended=perhaps')).status).toBe(422);
  });

  it('is the same after a rebuild, and a pause of somebody who was erased tells no reason', async () => {
    await world.user('acme', 'usr_ANN', 'created');
    await fact('started', 'acme', 'pau_ANN', { key: 'usr_ANN', data: { resource: 'usr_ANN' } });
    await fact('started', 'acme', 'pau_OTHER');
    await fact('ended', 'acme', 'pau_OTHER');
    await world.user('acme', 'usr_ANN', 'deleted');
    await world.fact({ type: 'wami.subject.erased.v1', tenant: 'acme', id: 'usr_ANN', arnType: 'user', data: { kind: 'user' } });
    const before = await list('?ended=true');
    expect(before.map(({ id, reason }) => [id, reason])).toEqual([['pau_ANN', ''], ['pau_OTHER', 'why pau_OTHER']]);
    const { job } = await running.post<{ job: string }>('/v1/projection/rebuild');
    await eventually(async () => expect(await running.read<JobView>(`/v1/jobs/${job}`, 'admin', {})).toMatchObject({ state: 'done' }));
    expect(await list('?ended=true')).toEqual(before);
    expect(await running.post('/v1/projection/verify')).toMatchObject({ equal: true });
  });

  it('holds what a binding waits for: its state names the pause, who waits is answered, and a job is done for now', async () => {
    await world.configure('acme', { providers: [AWS] });
    const { position: intent } = await world.user('acme', 'usr_ANN', 'created');
    const job = { stream: 'job_ONE', key: 'job_ONE', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:sync-job/job_ONE', personal: {} };
    await world.append(world.identity, { ...job, type: 'wami.sync-job.requested.v1', data: { verb: 'sync', scope: 'acme', targets: [AWS] } });
    await world.append(world.aws, { ...job, stream: 'job_ONE/aws', type: 'wami.sync.job-accepted.v1', data: { job: 'job_ONE', ...AWS, bindings: 1 } });
    const told = { intent, version: 1, operation: 'create' as const, jobs: ['job_ONE'] };
    const about = { tenant: 'acme', resource: 'usr_ANN' };
    const view = (): Promise<JobView> => running.read<JobView>('/v1/jobs/job_ONE');
    await world.outcome('wami.sync.waiting.v1', about, { ...told, reason: 'paused by pau_1 until somebody resumes', pausedBy: 'pau_1' });
    expect(await view()).toMatchObject({ state: 'done', total: 1, stillPending: 1, held: 1 });
    expect(await running.read('/v1/resources/usr_ANN/sync?settled=true&wait=20')).toEqual({ aws: { [AWS.account]: expect.objectContaining({ state: 'Pending', pausedBy: 'pau_1' }) as object } });
    await world.outcome('wami.sync.requested.v1', about, told);
    expect(await view()).toMatchObject({ state: 'running', stillPending: 1, held: 0 });
    await world.outcome('wami.sync.waiting.v1', about, { ...told, reason: 'the tenant\'s trigger onCreate is off; ask for a sync to carry it out' });
    expect(await view()).toMatchObject({ state: 'done', stillPending: 1, held: 1 });
    await world.outcome('wami.sync.succeeded.v1', about, { ...told, changed: true }, { nativeArn: 'arn:aws:x' });
    expect(await view()).toMatchObject({ state: 'done', succeeded: 1, stillPending: 0, held: 0 });
  });
});
