import fastify, { type FastifyInstance } from 'fastify';
import { ProblemError } from '../http/problem-error';
import { sendProblem, toProblemError } from '../http/problem.filter';
import { Metrics } from '../metrics/metrics';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './http-limits';
import { limitRequests, onlyWaits } from './limit-requests';

const GOOD = 'Bearer good';

describe('requests beyond the limits', () => {
  let instance: FastifyInstance;
  let url: string;
  /** Requests that the handler holds until they are let go. */
  let held: { readonly go: () => void }[];
  let open: Promise<Response>[];

  async function start(limits: Partial<HttpLimits>, isLocal = true): Promise<void> {
    held = [];
    open = [];
    instance = fastify({ genReqId: () => 'req_1', bodyLimit: 1000 });
    instance.setErrorHandler((error, request, reply) => sendProblem(toProblemError(error), request, reply));
    limitRequests(instance, { limits: { ...DEFAULT_HTTP_LIMITS, ...limits }, metrics: new Metrics('test'), isLocal: () => isLocal });
    instance.addHook('preHandler', (request, _reply, done) => {
      done(request.headers.authorization === GOOD || request.url.startsWith('/health/') ? undefined : new ProblemError('Unauthenticated'));
    });
    instance.all('/v1/users/:id', async (request) => {
      if (request.headers.prefer) onlyWaits(request);
      if (request.headers['x-hold']) await new Promise<void>((go) => held.push({ go }));
      return {};
    });
    instance.get('/health/live', () => ({}));
    url = await instance.listen({ port: 0, host: '127.0.0.1' });
  }
  afterEach(async () => {
    for (const { go } of held) go();
    await Promise.all(open);
    await instance.close();
  });

  const call = (method: string, headers: Record<string, string> = {}, path = '/v1/users/1', body?: string): Promise<Response> =>
    fetch(url + path, { method, headers: { authorization: GOOD, ...headers }, ...(body === undefined ? {} : { body }) });
  /** Resolves when the handler has it. */
  const hold = async (method: string, headers: Record<string, string> = {}): Promise<void> => {
    const before = held.length;
    open.push(call(method, { 'x-hold': '1', ...headers }));
    while (held.length === before) await new Promise((next) => setImmediate(next));
  };
  const status = async (answer: Promise<Response>): Promise<number> => (await answer).status;

  it('are refused by class, at once and with when to come back; no class takes the room of another', async () => {
    await start({ concurrent: { write: 1, read: 1, revocation: 1 } });
    await hold('POST');
    const refused = await call('PATCH');
    expect([refused.status, refused.headers.get('retry-after'), ((await refused.json()) as { code: string }).code]).toEqual([503, '1', 'Overloaded']);
    expect([await status(call('GET')), await status(call('DELETE')), await status(call('DELETE', {}, '/health/live'))]).toEqual([200, 200, 404]);
    await hold('GET');
    await hold('DELETE');
    expect([await status(call('GET')), await status(call('DELETE')), await status(call('GET', {}, '/health/live'))]).toEqual([503, 503, 200]);
    for (const { go } of held.splice(0)) go();
    while (await status(call('POST')) !== 200) await new Promise((next) => setImmediate(next));
  });

  it('that only wait leave their place, as long as not too many do', async () => {
    await start({ concurrent: { write: 1, read: 1, revocation: 1 }, waiting: 1 });
    await hold('POST', { prefer: 'wait=5' });
    expect(await status(call('POST'))).toBe(200);
    await hold('POST', { prefer: 'wait=5' });
    expect(await status(call('POST'))).toBe(503);
  });

  it('of one credential are counted apart from those of others', async () => {
    await start({ rate: { perSecond: 0.1, burst: 2 } });
    const answers = [await call('GET'), await call('GET'), await call('GET')];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    const none = expect.stringMatching(/^"caller";r=0;t=(?:10|[5-9])$/) as unknown;
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual(['"caller";r=1;t=1', none, none]);
    expect([answers[2]?.headers.get('retry-after'), answers[2]?.headers.get('ratelimit-policy')]).toEqual([expect.stringMatching(/^(?:10|[5-9])$/), '"caller";q=2;w=20']);
    expect(await status(call('GET', { authorization: 'Bearer other' }))).toBe(401);
  });

  it('with guessed credentials are not looked at any more, while good ones go on', async () => {
    await start({ failedLoginsPerMinute: 3 }, false);
    expect(await status(call('GET'))).toBe(200);
    const guesses: number[] = [];
    for (let i = 0; i < 5; i++) guesses.push(await status(call('GET', { authorization: `Bearer guess-${i}` })));
    expect(guesses).toEqual([401, 401, 401, 429, 429]);
    expect(await status(call('GET'))).toBe(200);
  });

  it('from this machine are not counted as guesses', async () => {
    await start({ failedLoginsPerMinute: 1 });
    for (let i = 0; i < 4; i++) expect(await status(call('GET', { authorization: 'Bearer guess' }))).toBe(401);
  });

  it('whose bodies need more memory than is set aside are refused before they are read', async () => {
    await start({ bodyBytes: 100 });
    expect(await status(call('POST', { 'content-type': 'text/plain' }, '/v1/users/1', 'x'.repeat(90)))).toBe(200);
    expect(await status(call('POST', { 'content-type': 'text/plain' }, '/v1/users/1', 'x'.repeat(101)))).toBe(503);
    expect(await status(call('POST', { 'content-type': 'text/plain' }, '/v1/users/1', 'x'.repeat(2000)))).toBe(413);
    expect(await status(call('POST', { 'content-type': 'text/plain' }, '/v1/users/1', 'x'.repeat(90)))).toBe(200);
  });
});
