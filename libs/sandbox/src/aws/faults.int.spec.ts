import type { FaultKind } from '../faults/fault-plan';
import { queryClient } from './query-client';
import type { QueryClient } from './query-client';
import { startSandboxAws } from './start-sandbox-aws';
import type { SandboxAws } from './start-sandbox-aws';

let sandbox: SandboxAws;
let iam: QueryClient;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2030, 0, 1);
  sandbox = await startSandboxAws({ seed: 42, clock: () => now });
  iam = queryClient(sandbox.url);
});
afterEach(() => sandbox.close());

const names = (): readonly string[] => sandbox.snapshot().users.map((user) => user.userName);
const create = (UserName: string) => iam('CreateUser', { UserName });
const settle = (answer: Promise<{ readonly status: number; readonly code?: string }>): Promise<string> =>
  answer.then(({ status, code }) => `${status} ${code ?? 'ok'}`, () => 'broken');

describe('scripted faults', () => {
  it.each<[FaultKind, string]>([
    ['throttle', '400 Throttling'], ['error', '500 ServiceFailure'], ['access-denied', '403 AccessDenied'],
    ['credentials-rejected', '403 InvalidClientTokenId'], ['concurrent-modification', '409 ConcurrentModification'], ['lost-request', 'broken'],
  ])('%s: answered %s, once, and nothing happened', async (kind, answer) => {
    sandbox.faults.next({ operation: 'CreateUser', subject: 'ann', kind });
    expect(await settle(create('bob'))).toBe('200 ok');
    expect(await settle(create('ann'))).toBe(answer);
    expect(names()).toEqual(['bob']);
    expect(await settle(create('ann'))).toBe('200 ok');
  });

  it('lost-answer: the connection breaks, and it happened', async () => {
    sandbox.faults.at(2, 'lost-answer');
    expect(await settle(create('ann'))).toBe('200 ok');
    expect(await settle(create('bob'))).toBe('broken');
    expect(await settle(create('bob'))).toBe('409 EntityAlreadyExists');
    expect(names()).toEqual(['ann', 'bob']);
    expect(sandbox.faults.injected()).toEqual({ 'lost-answer': 1 });
  });

  it('timeout: no answer comes, and it happened', async () => {
    sandbox.faults.at(1, 'timeout');
    const impatient = queryClient(sandbox.url, { timeoutMs: 200 });
    await expect(impatient('CreateUser', { UserName: 'ann' })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(names()).toEqual(['ann']);
    expect(sandbox.writes()).toBe(1);
  });
});

describe('standing faults', () => {
  it.each([
    [{ throttle: 1 }, '400 Throttling'], [{ errors: 1 }, '500 ServiceFailure'], [{ credentials: 'rejected' as const }, '403 InvalidClientTokenId'],
    [{ revokedAccessKeys: ['AKIASANDBOXSANDBOX22'] }, '403 InvalidClientTokenId'], [{ accessDenied: ['*'] }, '403 AccessDenied'],
  ])('%j', async (plan, answer) => {
    sandbox.faults.set(plan);
    expect(await settle(create('ann'))).toBe(answer);
    sandbox.faults.reset();
    expect(await settle(create('ann'))).toBe('200 ok');
    expect(sandbox.calls()).toEqual({ CreateUser: 2 });
  });

  it('lostAnswers break about their share of connections, and every call is executed', async () => {
    sandbox.faults.set({ lostAnswers: 0.5 });
    const answers = await Promise.all(Array.from({ length: 60 }, (_none, index) => settle(create(`u${index}`))));
    const broken = answers.filter((answer) => answer === 'broken').length;
    expect(broken).toBe(sandbox.faults.injected()['lost-answer']);
    expect(broken).toBeGreaterThan(10);
    expect(broken).toBeLessThan(50);
    expect(names()).toHaveLength(60);
  });

  it('a refusal names who may not do what, and where', async () => {
    sandbox.faults.set({ accessDenied: ['CreateUser'] });
    const denied = await iam('CreateUser', { UserName: 'ann', Path: '/p/' });
    expect(denied.texts('Message')).toEqual(['User: arn:aws:iam::000000000001:user/sandbox-administrator is not authorized to perform: iam:CreateUser '
      + 'on resource: arn:aws:iam::000000000001:user/p/ann because no identity-based policy allows the iam:CreateUser action']);
    expect((await iam('ListUsers')).status).toBe(200);
  });

  it('latency holds a call back; closing gives it up without executing it', async () => {
    sandbox.faults.set({ latencyMs: [60_000, 60_000] });
    const held = settle(create('ann'));
    while (sandbox.calls()['CreateUser'] === undefined) await new Promise(setImmediate);
    await sandbox.close();
    expect(await held).toBe('broken');
    expect(names()).toEqual([]);
  });
});

describe('eventual consistency', () => {
  it('reads see writes only after a while, and writes see them at once', async () => {
    await create('old');
    sandbox.faults.set({ eventualConsistencyMs: 1_000 });
    await create('ann');
    await iam('UpdateUser', { UserName: 'old', NewUserName: 'renamed' });
    await iam('CreateGroup', { GroupName: 'g' });
    expect((await iam('ListUsers')).texts('UserName')).toEqual(['old']);
    expect(await settle(iam('GetUser', { UserName: 'ann' }))).toBe('404 NoSuchEntity');
    expect(await settle(iam('GetUser', { UserName: 'old' }))).toBe('200 ok');
    expect(await settle(create('ann'))).toBe('409 EntityAlreadyExists');
    expect(await settle(iam('AddUserToGroup', { GroupName: 'g', UserName: 'ann' }))).toBe('404 NoSuchEntity');
    now += 999;
    expect((await iam('ListUsers')).texts('UserName')).toEqual(['old']);
    now += 1;
    expect((await iam('ListUsers')).texts('UserName')).toEqual(['ann', 'renamed']);
    expect(await settle(iam('AddUserToGroup', { GroupName: 'g', UserName: 'ann' }))).toBe('200 ok');
    expect((await iam('GetGroup', { GroupName: 'g' })).texts('UserName')).toEqual([]);
    sandbox.faults.reset();
    expect((await iam('GetGroup', { GroupName: 'g' })).texts('UserName')).toEqual(['ann']);
    await create('late');
    expect(await settle(iam('GetUser', { UserName: 'late' }))).toBe('200 ok');
  });
});

describe('the control API', () => {
  const send = async (method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> => {
    const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${sandbox.url}/_sandbox/${path}`, { method, ...json });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  };

  it('switches faults, and stays usable under them', async () => {
    const switched = await send('PUT', 'faults', { throttle: 1, latencyMs: [0, 1] });
    expect(switched).toMatchObject({ status: 200, json: { throttle: 1, latencyMs: [0, 1], pending: [], seed: 42 } });
    expect(await settle(create('ann'))).toBe('400 Throttling');
    expect(await send('PATCH', 'faults', { errors: 0.5 })).toMatchObject({ json: { throttle: 1, errors: 0.5 } });
    expect(await send('PUT', 'faults', { errors: 0 })).toMatchObject({ json: { throttle: 0, latencyMs: [0, 0] } });
    await send('POST', 'faults/next', { operation: 'CreateUser', kind: 'error' });
    await send('POST', 'faults/at', { call: 2, kind: 'throttle' });
    expect(await settle(create('ann'))).toBe('500 ServiceFailure');
    expect(await settle(create('ann'))).toBe('400 Throttling');
    expect(await settle(create('ann'))).toBe('200 ok');
    expect(await send('GET', 'calls')).toEqual({ status: 200, json: { calls: { CreateUser: 4 }, writes: 1, faults: { throttle: 2, error: 1 } } });
  });

  it('shows and empties the account', async () => {
    await create('ann');
    expect(await send('GET', 'state')).toEqual({ status: 200, json: sandbox.snapshot() });
    expect(await send('DELETE', 'state')).toEqual({ status: 204, json: undefined });
    expect(names()).toEqual([]);
  });

  it('refuses nonsense, and forms that a web page could send', async () => {
    expect(await send('PUT', 'faults', { throttle: 2 })).toMatchObject({ status: 400, json: { error: 'throttle must be a number from 0 to 1' } });
    expect(await send('PUT', 'nothing', {})).toMatchObject({ status: 404 });
    expect((await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'PUT', body: '{' })).status).toBe(400);
    expect((await fetch(`${sandbox.url}/_sandbox/faults/next`, { method: 'POST', body: '{"kind":"error"}' })).status).toBe(415);
    expect(sandbox.faults.pending()).toEqual([]);
  });
});
