import 'reflect-metadata';
import { planSummarySchema, planViewSchema, type PlanSummary, type PlanView, type RecordedEvent } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { AWS, World, type Running } from '../testing/world';

jest.setTimeout(120_000);

const GCP = { provider: 'gcp', account: 'project' };

describe('a plan, as callers see it', () => {
  let world: World;
  let running: Running;
  worldForAll(World.open, async (opened) => {
    world = opened;
    for (const path of ['acme', 'acme/core', 'other']) await world.tenant(path);
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  const plan = { stream: 'pln_ONE', key: 'pln_ONE', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:plan/pln_ONE', personal: {} };
  const view = async (query = '', token?: string): Promise<PlanView> => planViewSchema.parse(await running.read(`/v1/plans/pln_ONE${query}`, token));
  const ask = (expiresAt = '2099-01-01T00:00:00.000Z'): Promise<RecordedEvent> =>
    world.append(world.identity, { ...plan, type: 'wami.plan.requested.v1', data: { scope: 'acme', targets: [AWS, GCP], expiresAt } });
  const tell = (resource: string, action: string, personal: object = {}, tenant = 'acme'): Promise<RecordedEvent> => world.append(world.aws, {
    type: 'wami.sync.planned.v1', stream: `aws/1/pln_ONE/${resource}`, key: resource, tenant, subject: `arn:wami:iam:${tenant}:wami:local:user/${resource}`,
    data: { plan: 'pln_ONE', resource, kind: 'user', ...AWS, action, calls: 1, version: 3, more: 0 }, personal,
  });
  const answered = (target: object, counts: object, operations: number, hash: string, more: object = {}): Promise<RecordedEvent> => world.append(world.aws, {
    ...plan, stream: `${JSON.stringify(target)}/pln_ONE`, type: 'wami.sync.plan-answered.v1', data: { plan: 'pln_ONE', ...target, operations, counts, hash, ...more },
  });

  it('runs until every target has answered and all that it told is there, and has its hash only then', async () => {
    await ask();
    await tell('usr_ANN', 'create', { name: 'ann', changes: [{ field: 'name', to: 'ann' }] });
    await tell('usr_ZOE', 'delete', { name: 'zoe' }, 'acme/core');
    const over = { tenant: 'acme/core', kind: 'user', removes: 9, allowed: 5, taken: 1, held: 0 };
    await answered(AWS, { create: 2, delete: 1, none: 7 }, 3, 'a'.repeat(22), { guard: [over] });
    expect(await view()).toMatchObject({ state: 'running', createdBy: 'test', targets: [{ ...AWS, state: 'planning' }, { ...GCP, state: 'planning' }], guard: [] });
    await tell('usr_BOB', 'create', { name: 'bob' });
    expect(await view()).toMatchObject({ state: 'running', targets: [{ state: 'answered', hash: 'a'.repeat(22) }, { state: 'planning' }] });
    expect((await view()).hash).toBeUndefined();
    await answered(GCP, {}, 0, 'b'.repeat(22));
    expect(await view()).toMatchObject({ state: 'complete', hash: `${'a'.repeat(22)}.${'b'.repeat(22)}`, counts: { create: 2, delete: 1, none: 7 }, guard: [{ ...AWS, ...over }] });
  });

  it('shows deletions first, page by page', async () => {
    const first = await view('?limit=2');
    expect(first.operations.map(({ resource, action, name }) => [resource, action, name])).toEqual([['usr_ZOE', 'delete', 'zoe'], ['usr_ANN', 'create', 'ann']]);
    const rest = await view(`?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([rest.operations.map(({ resource }) => resource), rest.nextCursor]).toEqual([['usr_BOB'], undefined]);
    expect((await view('?action=delete')).operations.map(({ resource }) => resource)).toEqual(['usr_ZOE']);
  });

  const list = async (query = '', token?: string): Promise<{ items: PlanSummary[]; nextCursor?: string }> => {
    const { items, ...more } = await running.read<{ items: unknown[]; nextCursor?: string }>(`/v1/plans${query}`, token);
    return { items: items.map((item) => planSummarySchema.strict().parse(item)), ...more };
  };
  const ids = async (query = '', token?: string): Promise<string[]> => (await list(query, token)).items.map(({ id }) => id);

  it('is listed with the others of its tenant, in every state, and says there what it says alone', async () => {
    const other = async (id: string, expiresAt: string, targets: readonly object[], tenant = 'acme/core'): Promise<unknown> => world.append(world.identity, {
      ...plan, stream: id, key: id, tenant, type: 'wami.plan.requested.v1', data: { scope: tenant, targets: [...targets] as never, expiresAt },
    });
    await other('pln_OLD', '2020-01-01T00:00:00.000Z', [AWS]);
    await other('pln_RUN', '2099-01-01T00:00:00.000Z', [AWS]);
    await other('pln_NIL', '2099-01-01T00:00:00.000Z', [], 'other');
    expect(await ids()).toEqual(['pln_ONE', 'pln_OLD', 'pln_RUN', 'pln_NIL']);
    expect(await Promise.all(['running', 'complete', 'expired', 'applied'].map((state) => ids(`?state=${state}`)))).toEqual([['pln_RUN'], ['pln_ONE', 'pln_NIL'], ['pln_OLD'], []]);
    const { operations, nextCursor, ...alone } = await view();
    expect([operations.length, nextCursor, (await list('?tenant=acme')).items[0]]).toEqual([3, undefined, alone]);
    expect([await ids('', 'tenant:acme/core'), await ids('', 'tenant:other'), await ids('?tenant=acme/core')]).toEqual([['pln_OLD', 'pln_RUN'], ['pln_NIL'], ['pln_OLD', 'pln_RUN']]);
    const first = await list('?limit=2');
    expect([first.items.map(({ id }) => id), await ids(`?limit=2&cursor=${first.nextCursor ?? ''}`)]).toEqual([['pln_ONE', 'pln_OLD'], ['pln_RUN', 'pln_NIL']]);
    expect((await running.get(`/v1/plans?state=complete&cursor=${first.nextCursor ?? ''}`)).status).toBe(422);
  });

  it('is nobody’s who does not see its tenant', async () => {
    for (const token of ['tenant:other', 'tenant:acme/core']) expect((await running.get('/v1/plans/pln_ONE', token)).status).toBe(404);
    expect((await view('', 'tenant:acme')).operations).toHaveLength(3);
    expect((await running.get('/v1/plans/pln_TWO')).status).toBe(404);
  });

  it('tells what was applied and what was refused, and the job counts that as failed', async () => {
    const job = { stream: 'job_P', key: 'job_P', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:sync-job/job_P', personal: {} };
    await world.append(world.identity, { ...job, type: 'wami.sync-job.requested.v1', data: { verb: 'apply', scope: 'acme', targets: [AWS, GCP], plan: 'pln_ONE' } });
    await world.append(world.aws, { ...job, stream: 'job_P/aws', type: 'wami.sync.job-accepted.v1', data: { job: 'job_P', ...AWS, bindings: 1, plan: 'pln_ONE' } });
    await world.append(world.aws, { ...job, stream: 'job_P/gcp', type: 'wami.sync.job-accepted.v1', data: { job: 'job_P', ...GCP, bindings: 0, plan: 'pln_ONE', refused: 'other-hash', undone: 4 } });
    await world.append(world.aws, {
      type: 'wami.sync.plan-refused.v1', stream: 'aws/1/usr_ANN', key: 'usr_ANN', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:user/usr_ANN',
      data: { plan: 'pln_ONE', resource: 'usr_ANN', kind: 'user', ...AWS, why: 'observed-moved', jobs: ['job_P'] }, personal: {},
    });
    const applied = await view();
    expect(await ids('?state=applied')).toEqual(['pln_ONE']);
    expect(applied).toMatchObject({ state: 'applied', jobs: ['job_P'], targets: [{ state: 'applied' }, { state: 'refused', reason: 'other-hash' }] });
    expect(applied.operations.map(({ resource, refused }) => [resource, refused])).toEqual([['usr_ZOE', undefined], ['usr_ANN', 'observed-moved'], ['usr_BOB', undefined]]);
    expect(await running.read('/v1/jobs/job_P')).toMatchObject({
      verb: 'apply', state: 'done', total: 5, failed: 5, stillPending: 0, refused: [{ ...GCP, reason: 'other-hash', operations: 4 }],
    });
  });

  it('says nothing personal of somebody who was erased', async () => {
    await world.append(world.identity, {
      type: 'wami.subject.erased.v1', stream: 'usr_ANN', key: 'usr_ANN', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:user/usr_ANN', data: { kind: 'user' }, personal: {},
    });
    const [, ann] = (await view()).operations;
    expect(ann).toMatchObject({ resource: 'usr_ANN', action: 'create', changes: [], refused: 'observed-moved' });
    expect(ann?.name).toBeUndefined();
  });
});
