import { status } from '@grpc/grpc-js';
import { eventually, GrpcRefusal } from '@wami/testing';
import { openGrpcWorld, untilHeld, type GrpcWorld } from './testing/grpc-world';

const CREATE = 'wami.v1.Users/CreateUser';
const GET = 'wami.v1.Users/GetUser';
const token = 'admin';

describe('a unary call', () => {
  let world: GrpcWorld;

  beforeEach(async () => { world = await openGrpcWorld(); });
  afterEach(() => world.close());

  const refusal = (call: Promise<unknown>): Promise<GrpcRefusal> => call.then(() => { throw new Error('was answered'); }, (error: unknown) => error as GrpcRefusal);

  it('is its HTTP route: token, metadata and options arrive there as headers, its answer comes back with position', async () => {
    const metadata = { 'idempotency-key': 'k1', 'x-correlation-id': 'c1', 'if-match': '"9"', 'wami-batch-operation': 'forged' };
    const { message, trailer } = await world.client.call(CREATE, { user: { userName: 'ann', tags: { a: 'b' } }, options: { expectedVersion: 3, waitSeconds: 5 } }, { token, metadata });
    expect(message).toMatchObject({ user: { id: 'usr_1', userName: 'ann', tags: { a: 'b' } }, written: { position: 'p1', created: true } });
    expect(trailer.get('wami-position')).toEqual(['p1']);
    const [headers] = world.scene.headers;
    expect(headers).toMatchObject({ 'idempotency-key': 'k1', 'x-correlation-id': 'c1', 'if-match': '"3"', prefer: 'wait=5', ip: '127.0.0.1' });
    expect(headers).not.toHaveProperty('wami-batch-operation');
  });

  it('without a deadline is refused', async () => {
    const refused = await refusal(world.client.call(GET, { id: 'usr_1' }, { token, deadlineMs: null }));
    expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT, details: { 'google.rpc.ErrorInfo': { reason: 'MalformedRequest' } } });
  });

  it('of nobody, of a role that may not, and of what breaks tells nothing more', async () => {
    expect(await refusal(world.client.call(GET, { id: 'usr_1' }))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await refusal(world.client.call(GET, { id: 'usr_1' }, { token: 'nobody' }))).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await refusal(world.client.call(CREATE, {}, { token: 'viewer' }))).toMatchObject({ code: status.PERMISSION_DENIED });
    const broken = await refusal(world.client.call(GET, { id: 'broken' }, { token }));
    expect(broken).toMatchObject({ code: status.INTERNAL, details: { 'google.rpc.ErrorInfo': { reason: 'Internal' }, 'google.rpc.RequestInfo': { requestId: expect.stringMatching(/^req_/) as string } } });
    expect(broken.message).not.toContain('hunter2');
  });

  it('larger than 1 MiB is refused, one a little smaller is read', async () => {
    const large = (bytes: number): Promise<unknown> => world.client.call(CREATE, { user: { displayName: 'x'.repeat(bytes) } }, { token });
    expect(await refusal(large(1024 * 1024))).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    await large(1024 * 1024 - 1000);
  });

  it.each([[GET, { id: 'held' }], [CREATE, { user: { userName: 'held' } }]])('%s: when its deadline is over, the route sees its caller hang up', async (name, request) => {
    const late = refusal(world.client.call(name, request, { token, deadlineMs: 1500 }));
    await untilHeld(world.scene, 1);
    expect(await late).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await eventually(() => world.scene.hungUp === 1, { timeoutMs: 10_000, describe: 'the route was told' });
  });
});

describe('the limits of HTTP hold for calls', () => {
  let world: GrpcWorld;

  afterEach(() => world.close());

  const refused = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
  const retry = { 'google.rpc.RetryInfo': { retryDelay: { seconds: expect.any(Number) as number } } };

  it('who is too fast is told when to come back, others are not concerned; opening a stream counts', async () => {
    world = await openGrpcWorld({ rate: { perSecond: 0.1, burst: 3 } });
    for (let count = 0; count < 2; count++) await world.client.call(GET, { id: 'usr_1' }, { token });
    const watched = world.client.watch('wami.v1.Events/WatchEvents', { after: 'few' }, { token });
    await watched.next();
    expect(await refused(world.client.call(GET, { id: 'usr_1' }, { token }))).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: { 'google.rpc.ErrorInfo': { reason: 'RateLimited' }, ...retry } });
    expect(await refused(world.client.watch('wami.v1.Events/WatchEvents', {}, { token }).next())).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: retry });
    await world.client.call(GET, { id: 'usr_1' }, { token: 'another' });
  });

  it('beyond what is worked on a call is refused at once; the place of one that hung up is free again', async () => {
    world = await openGrpcWorld({ concurrent: { write: 1, read: 1, revocation: 1 } });
    const held = refused(world.client.call(CREATE, { user: { userName: 'held' } }, { token, deadlineMs: 2500 }));
    await untilHeld(world.scene, 1);
    expect(await refused(world.client.call(CREATE, { user: {} }, { token }))).toMatchObject({ code: status.UNAVAILABLE, details: { 'google.rpc.ErrorInfo': { reason: 'Overloaded' }, ...retry } });
    expect(await held).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await eventually(() => world.client.call(CREATE, { user: {} }, { token }), { timeoutMs: 10_000, describe: 'there is room' });
  });
});
