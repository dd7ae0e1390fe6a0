import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SyncErrorCode } from '@wami/contracts';
import { isProviderError, type Connection, type ProviderError, type ProviderTarget } from '@wami/provider-port';
import { eventually } from '@wami/testing';
import { createAwsAdapter } from './aws.adapter';

process.env['SPEC_AWS_KEY_ID'] = 'AKIASPEC000000000001';
process.env['SPEC_AWS_SECRET'] = 'never-shown';
const STATIC = { type: 'static', accessKeyId: 'env:SPEC_AWS_KEY_ID', secretAccessKey: 'env:SPEC_AWS_SECRET' };
const mark = { instance: 'local', tenant: 'acme', id: 'usr_1', kind: 'user' };

/** Something that answers HTTP and is not IAM. */
describe('what is not IAM', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let requests = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      request.resume().on('end', () => answer(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const says = (code: string, status: number) => (response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': 'text/xml' }).end(`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>In its words</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`);

  const look = (connection: Partial<Connection> = {}, timeoutMs = 5_000): Promise<ProviderError> =>
    refusal((target) => target.handler('user')?.observe({ mark, names: ['ann'] }, [], { signal: AbortSignal.timeout(timeoutMs) }), connection);
  const write = (): Promise<ProviderError> =>
    refusal((target) => target.handler('user')?.create({ name: 'ann', mark, document: {}, facets: {} }, { signal: AbortSignal.timeout(5_000) }));

  async function refusal(call: (target: ProviderTarget) => Promise<unknown> | undefined, connection: Partial<Connection> = {}): Promise<ProviderError> {
    const target = createAwsAdapter().connect({
      provider: 'aws',
      account: '123456789012',
      endpoint: endpoint(),
      credentials: STATIC,
      ...connection,
    });
    try {
      throw new Error(`no error, but ${JSON.stringify(await call(target))}`);
    } catch (error) {
      if (isProviderError(error)) return error;
      throw error;
    } finally {
      await target.close();
    }
  }

  // First, so that what the SDK does with the late credentials ends while others are tried.
  it('credentials that come too late end the call in time', async () => {
    const held: ServerResponse[] = [];
    answer = (response) => void held.push(response);
    const { AWS_ACCESS_KEY_ID: _key, ...before } = process.env;
    const nowhere = '/nonexistent';
    process.env = {
      ...before,
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint(),
    };
    try {
      expect((await look({ credentials: { type: 'default' } }, 200)).code).toBe('Timeout');
      await eventually(() => expect(held.length).toBe(1));
    } finally {
      process.env = before;
      const keys = { AccessKeyId: 'AKIALATE000000000001', SecretAccessKey: 'late', Token: 'late', Expiration: '2099-01-01T00:00:00Z' };
      for (const response of held) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
    }
  });

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['a bare 404', 'Unavailable', (response) => response.writeHead(404).end()],
    [
      'a page of HTML',
      'Internal',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html><head></head></html>'),
    ],
    [
      'another XML',
      'Internal',
      (response) => response.writeHead(200, { 'content-type': 'text/xml' }).end('<GetUserResponse><GetUserResult/></GetUserResponse>'),
    ],
    ['half an answer', 'Internal', (response) => response.writeHead(200).end('<GetUserResponse><GetUserResult><User>')],
    ['a bad gateway', 'Unavailable', (response) => response.writeHead(502).end('<html>bad gateway')],
    ['a connection that is closed', 'NetworkError', (response) => response.destroy()],
  ])('%s is never taken for "there is no such user"', async (_, code, how) => {
    answer = how;
    const error = await look();
    expect([error.code, error.options.effect]).toEqual([code, 'unknown']);
    expect(JSON.stringify([error.message, error.options])).not.toContain('never-shown');
  });

  it.each<[string, number, SyncErrorCode, boolean]>([
    ['EntityAlreadyExists', 409, 'AlreadyExists', false], ['NoSuchEntity', 404, 'NotFound', false], ['AccessDenied', 403, 'AccessDenied', false],
    ['Throttling', 400, 'Throttled', true], ['RequestLimitExceeded', 503, 'Throttled', true],
    ['ConcurrentModification', 409, 'Conflict', true], ['EntityTemporarilyUnmodifiable', 409, 'Conflict', true], ['DeleteConflict', 409, 'Conflict', true],
    ['InvalidInput', 400, 'InvalidRequest', false], ['ValidationError', 400, 'InvalidRequest', false], ['MalformedPolicyDocument', 400, 'InvalidRequest', false], ['LimitExceeded', 409, 'LimitExceeded', false],
    ['ExpiredToken', 403, 'AuthExpired', true], ['InvalidClientTokenId', 403, 'AuthExpired', true], ['SignatureDoesNotMatch', 403, 'AuthExpired', true],
    ['ServiceFailure', 500, 'Unavailable', true], ['ServiceUnavailable', 503, 'Unavailable', true],
  ])('says %s with status %i: that is %s, in its words, asked once', async (awsCode, httpStatusCode, expected, retryable) => {
    answer = says(awsCode, httpStatusCode);
    const before = requests;
    const { code, message, retryable: again, options: { effect, details } } = await write();
    expect([code, again, effect, message, requests - before]).toEqual([expected, retryable, httpStatusCode >= 500 && code === 'Unavailable' ? 'unknown' : 'none', 'In its words', 1]);
    expect(details).toMatchObject({ operation: 'CreateUser', awsCode, httpStatusCode });
  });

  it('is asked once: the SDK retries nothing', async () => {
    answer = says('Throttling', 503);
    const before = requests;
    expect((await look()).code).toBe('Throttled');
    expect(requests - before).toBe(1);
  });

  it('a secret that is not there is AuthExpired, named, and nothing is sent', async () => {
    const before = requests;
    const error = await look({ credentials: { ...STATIC, secretAccessKey: 'env:SPEC_ABSENT' } });
    expect([error.code, error.message]).toEqual([
      'AuthExpired',
      'aws/123456789012: credentials.secretAccessKey: env:SPEC_ABSENT holds nothing or cannot be read',
    ]);
    expect(requests - before).toBe(0);
  });

  it('nobody there is NetworkError, and nothing has happened', async () => {
    const error = await look({ endpoint: 'http://127.0.0.1:1' });
    expect([error.code, error.options.effect]).toEqual(['NetworkError', 'none']);
  });

  it('a call that takes too long ends in time, and its connection is closed', async () => {
    let closed: (() => void) | undefined;
    const connectionClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    answer = (response) => void response.once('close', () => closed?.());
    const target = createAwsAdapter().connect({ provider: 'aws', account: '123456789012', endpoint: endpoint(), credentials: STATIC });
    const call = target.handler('user')?.observe({ mark, names: ['ann'] }, [], { signal: AbortSignal.timeout(200) });
    await expect(call).rejects.toMatchObject({ code: 'Timeout', options: { effect: 'unknown' } });
    await connectionClosed;
    await target.close();
  }, 10_000);
});
