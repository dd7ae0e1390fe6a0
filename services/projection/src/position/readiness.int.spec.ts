import 'reflect-metadata';
import { createPostgresEventLog } from '@wami/event-log';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { gated } from '../testing/gated-log';
import { SOURCES, World, type Running } from '../testing/world';
import type { HeadSource } from './head-source';

jest.setTimeout(60_000);

describe('how far the read models are behind', () => {
  let world: World;
  let running: Running;
  let log: ReturnType<typeof gated>;
  worldForEach(World.open, async (opened) => {
    world = opened;
    await world.tenant('acme');
    log = gated(createPostgresEventLog({ pool: world.pool, sources: SOURCES }));
  }, {
    beforeClose: async () => {
      log?.release();
      await running?.close();
    },
  });

  const check = (): unknown => running.health.readiness().checks['read models'];
  const lagSeconds = async (): Promise<number> => {
    const { lagSeconds: told } = await running.read<{ lagSeconds: number }>('/v1/sync-summary', 'admin', {});
    return told;
  };
  const metric = async (): Promise<number> => Number(/^wami_projection_lag_seconds (\S+)$/m.exec(await (await running.get('/metrics')).text())?.[1]);

  it('is told by health, by the summary and as a metric, and is 0 again once they got there', async () => {
    running = await world.project({ log });
    await running.read('/v1/resources');
    await eventually(async () => expect([await lagSeconds(), await metric()]).toEqual([0, 0]));
    expect(check()).toEqual({ ok: true });
    log.hold();
    await world.user('acme', 'usr_HELD', 'created');
    await eventually(() => expect(check()).toEqual({ ok: true, reason: expect.stringMatching(/^\d+ s behind the writers$/) }));
    expect([await lagSeconds(), await metric()]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(await lagSeconds()).toBeGreaterThan(1);
    log.release();
    await eventually(async () => expect([check(), await lagSeconds(), await metric()]).toEqual([{ ok: true }, 0, 0]));
  });

  it('counts from the newest event that is there, also right after a start', async () => {
    running = await world.project({ log });
    await running.read('/v1/resources');
    await running.close();
    await world.pool.query(`UPDATE projection.events SET time = '2020-01-01T00:00:00.000Z'`);
    await world.user('acme', 'usr_LATE', 'created');
    log = gated(createPostgresEventLog({ pool: world.pool, sources: SOURCES }));
    log.hold();
    running = await world.project({ log });
    expect(await lagSeconds()).toBeGreaterThan(86_400);
    let answered = false;
    const waiting = running.read<{ items: unknown[] }>('/v1/resources?q=usr_LATE', 'admin', { 'wami-consistency': 'max-lag=3600' }).finally(() => { answered = true; });
    for (let i = 0; i < 10; i++) await running.read('/v1/resources', 'admin', {});
    expect(answered).toBe(false);
    log.release();
    expect((await waiting).items).toHaveLength(1);
  });

  it('is unknown where nothing was taken in yet: no lag is small enough then', async () => {
    log.hold();
    running = await world.project({ log });
    let answered = false;
    const waiting = running.read('/v1/resources', 'admin', { 'wami-consistency': 'max-lag=999999' }).finally(() => { answered = true; });
    for (let i = 0; i < 10; i++) await running.read('/v1/resources', 'admin', {});
    expect(answered).toBe(false);
    log.release();
    await waiting;
  });

  it('is not known where a writer does not answer: health says so, strong is refused at once, and plain queries answer', async () => {
    const silent: HeadSource = { heads: () => Promise.reject(new Error('sync-aws did not tell its head (status 502)')) };
    running = await world.project({ log, heads: silent });
    await eventually(() => expect(check()).toEqual({ ok: true, reason: expect.stringContaining('not known: Error: sync-aws did not tell its head (status 502)') }));
    for (const level of ['strong', 'max-lag=5']) {
      const refused = await running.get('/v1/resources', 'admin', { 'wami-consistency': level });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await refused.json()).toMatchObject({ code: 'ConsistencyTimeout', retryable: true });
    }
    expect((await running.get('/v1/resources', 'admin', {})).status).toBe(200);
  });
});
