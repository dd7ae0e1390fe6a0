import { useTracer, type SpanOptions } from '@wami/tracing';
import fastify, { type FastifyInstance } from 'fastify';
import { traceRequests } from './trace-requests';

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OWN = '00-0af7651916cd43dd8448eb211c80319c-1111111111111111-01';

interface Told { readonly name: string; readonly options: SpanOptions; readonly ended: readonly unknown[] }

describe('requests', () => {
  const told: Told[] = [];
  let stop: () => void;
  let app: FastifyInstance;
  beforeAll(async () => {
    stop = useTracer({ start: (name, options) => ({ traceparent: OWN, end: (...ended) => { told.push({ name, options, ended }); } }) });
    app = fastify();
    traceRequests(app);
    app.get('/v1/users/:id', (request) => ({ seen: request.headers['traceparent'] }));
    app.get('/v1/broken', () => { throw new Error('words of somebody'); });
    app.get('/health/ready', (request) => ({ seen: request.headers['traceparent'] }));
    await app.ready();
  });
  afterAll(async () => {
    stop();
    await app.close();
  });
  beforeEach(() => { told.length = 0; });
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });

  it('go on with the trace of the caller, are called by their route, and hand on a trace context of their own', async () => {
    expect((await get('/v1/users/usr_1?q=ann', { traceparent: CALLER, 'wami-over-grpc': '1' })).json()).toEqual({ seen: OWN });
    expect(told).toEqual([{
      name: 'GET /v1/users/:id', ended: [{ 'http.response.status_code': 200 }, undefined],
      options: { kind: 'server', parent: CALLER, attributes: { 'http.request.method': 'GET', 'http.route': '/v1/users/:id', 'rpc.system': 'grpc' } },
    }]);
  });

  it('begin a trace where the caller has none, whatever stands in its place', async () => {
    expect((await get('/v1/users/usr_1', { traceparent: 'ann@example.org' })).json()).toEqual({ seen: OWN });
    expect(told).toMatchObject([{ options: { parent: undefined, attributes: { 'rpc.system': undefined } } }]);
  });

  it('failed where the service did, not where the caller asked for what is not there', async () => {
    await get('/v1/broken');
    await get('/v1/nowhere/ann');
    expect(told.map(({ name, ended }) => [name, ended[1]])).toEqual([['GET /v1/broken', '500'], ['GET none', undefined]]);
  });

  it('about health are not told', async () => {
    expect((await get('/health/ready', { traceparent: CALLER })).json()).toEqual({ seen: CALLER });
    expect(told).toEqual([]);
  });

  it('are left as they are where nothing is traced', async () => {
    stop();
    const untraced = fastify();
    const hooks = jest.spyOn(untraced, 'addHook');
    traceRequests(untraced);
    expect(hooks).not.toHaveBeenCalled();
    await untraced.close();
  });
});
