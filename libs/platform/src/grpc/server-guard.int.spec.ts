import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { openGrpcWorld, type GrpcWorld } from './testing/grpc-world';

const TIMEOUT_MS = 10_000;

describe('a connection', () => {
  let world: GrpcWorld;
  let sessions: ClientHttp2Session[];

  beforeEach(() => { sessions = []; });
  afterEach(async () => {
    for (const session of sessions) session.destroy();
    await world.close();
  });

  const connected = (): ClientHttp2Session => {
    const session = connect(`http://${world.grpc.address}`);
    session.on('error', () => undefined);
    sessions.push(session);
    return session;
  };
  const ping = (session: ClientHttp2Session): Promise<boolean> => new Promise((resolve) => {
    if (session.destroyed || !session.ping((error) => resolve(error === null))) resolve(false);
  });

  it('that pings too often and calls nothing is sent away; one that has a call is not', async () => {
    world = await openGrpcWorld();
    const noisy = connected();
    const goaway = once(noisy, 'goaway', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await once(noisy, 'connect');
    for (let count = 0; count < 50; count++) await ping(noisy);
    expect((await goaway)[0]).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);

    const busy = connected();
    const stream = busy.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/Watch', 'content-type': 'application/grpc', te: 'trailers' });
    stream.on('error', () => undefined);
    stream.end(Buffer.alloc(5));
    await once(stream, 'response', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answered: boolean[] = [];
    for (let count = 0; count < 50; count++) answered.push(await ping(busy));
    expect(answered).not.toContain(false);
  });

  it('beyond those that are allowed is closed at once; each takes 100 calls', async () => {
    world = await openGrpcWorld({ connections: 1 });
    const first = connected();
    const [settings] = await once(first, 'remoteSettings', { signal: AbortSignal.timeout(TIMEOUT_MS) }) as [{ maxConcurrentStreams: number }];
    expect(settings.maxConcurrentStreams).toBe(100);
    const second = connected();
    await once(second, 'close', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    expect(first.closed).toBe(false);
  });
});
