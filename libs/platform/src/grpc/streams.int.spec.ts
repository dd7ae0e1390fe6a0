import { status } from '@grpc/grpc-js';
import { eventually, GrpcClient, type WatchedCall } from '@wami/testing';
import { openGrpcWorld, type GrpcWorld } from './testing/grpc-world';

const WATCH = 'wami.v1.Events/WatchEvents';
const token = 'admin';
/** What an answer may hold that nobody takes: sixteen messages of the stream, and the windows of HTTP/2 and TCP. */
const MOST_UNTAKEN = 20_000;

jest.setTimeout(60_000);

describe('a stream', () => {
  let world: GrpcWorld;

  beforeEach(async () => { world = await openGrpcWorld(); });
  afterEach(() => world.close());

  const failure = async (watched: WatchedCall): Promise<unknown> => {
    for (;;) {
      const outcome = await watched.next().then(() => undefined, (error: unknown) => error);
      if (outcome) return outcome;
    }
  };

  it('needs a deadline and somebody who may; one that is not declared is for nobody', async () => {
    expect(await failure(world.client.watch(WATCH, {}, { token, deadlineMs: null }))).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await failure(world.client.watch(WATCH))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await failure(world.client.watch(WATCH, {}, { token: 'nobody' }))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await failure(world.client.watch('wami.v1.SyncStates/WatchSyncStates', {}, { token }))).toMatchObject({ code: status.PERMISSION_DENIED });
    expect(world.scene.streams).toBe(0);
  });

  it('ends when the token is revoked', async () => {
    const watched = world.client.watch(WATCH, { after: 'few' }, { token });
    await watched.next();
    world.scene.revoked.add(token);
    expect(await failure(watched)).toMatchObject({ code: status.UNAUTHENTICATED });
  });

  it('waits for who reads slowly, holds little meanwhile, and lets go of who takes nothing', async () => {
    const { stream } = world.client.watch(WATCH, {}, { token });
    const ended = new Promise((resolve) => { stream.once('status', resolve); });
    stream.once('data', () => stream.pause());
    await eventually(() => world.scene.sent > 0, { timeoutMs: 10_000, describe: 'it begins' });
    await eventually(() => world.scene.ended === 1, { timeoutMs: 30_000, describe: 'it is let go' });
    const held = world.scene.sent;
    expect(held).toBeLessThan(MOST_UNTAKEN);
    stream.resume();
    expect(await ended).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(world.scene.sent).toBe(held);
  });

  it('of one connection 100 are open at a time: the next one begins when another ends', async () => {
    const open = Array.from({ length: 101 }, () => world.client.watch(WATCH, { after: 'few' }, { token }));
    await Promise.all(open.slice(0, 100).map((watched) => watched.next()));
    await world.connect().call('wami.v1.Users/GetUser', { id: 'usr_1' }, { token });
    expect(world.scene.streams).toBe(100);
    open[0]?.cancel();
    await open[100]?.next();
    expect(world.scene.streams).toBe(101);
    for (const watched of open) watched.cancel();
  });
});

describe('when the service closes', () => {
  it('streams end with UNAVAILABLE and when to come back, calls in flight end well, health says so first', async () => {
    const world = await openGrpcWorld();
    const watched = world.client.watch(WATCH, { after: 'few' }, { token });
    await watched.next();
    const health = world.client.watch('grpc.health.v1.Health/Watch', {});
    expect(await health.next()).toEqual({ status: 'SERVING' });
    const inFlight = world.client.call('wami.v1.Users/CreateUser', { user: { userName: 'held' } }, { token });
    await eventually(() => world.scene.held.length === 1, { timeoutMs: 10_000, describe: 'in flight' });
    const closing = world.grpc.close();
    expect(await health.next()).toEqual({ status: 'NOT_SERVING' });
    await watched.next();
    await expect(watched.next()).rejects.toMatchObject({
      code: status.UNAVAILABLE, details: { 'google.rpc.ErrorInfo': { reason: 'Unavailable' }, 'google.rpc.RetryInfo': { retryDelay: { seconds: 1 } } },
    });
    world.scene.letGo();
    expect((await inFlight).message).toMatchObject({ user: { id: 'usr_1' } });
    await closing;
    const late = new GrpcClient(world.grpc.address);
    await expect(late.call('wami.v1.Users/GetUser', { id: 'usr_1' }, { token, deadlineMs: 2000 })).rejects.toMatchObject({ code: status.UNAVAILABLE });
    late.close();
    await world.close();
  });
});
