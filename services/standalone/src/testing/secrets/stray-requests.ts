import type { PlantedSecrets } from './planted-secrets';

export interface StrayRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As it is sent. */
  readonly body?: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** With nobody's credentials, in every form that a mistake has. */
export function strangers(planted: PlantedSecrets): StrayRequest[] {
  const w = (label: string): string => planted.word(label);
  const jwt = [base64url(JSON.stringify({ alg: 'RS256', kid: w('kid of a JWT') })), base64url(JSON.stringify({ iss: 'http://127.0.0.1:1', note: w('claim of a JWT') })), base64url(w('signature of a JWT'))].join('.');
  const credentials = [
    `Basic ${Buffer.from(`ann:${w('password of Basic')}`).toString('base64')}`, `Bearer ${w('wrong token')}`, `Bearer ${w('token before a blank')} more`, w('token without a scheme'),
    `Bearer wami_pat_${w('invented API key')}`, `Bearer ${jwt}`, `Token ${w('token of another scheme')}`, `bearer=${w('token after an equal sign')}`, `AWS4-HMAC-SHA256 Credential=${w('key id')}, Signature=${w('signature')}`,
  ];
  return [
    ...credentials.flatMap((authorization) => [{ method: 'GET', path: '/v1/whoami', headers: { authorization } }, { method: 'POST', path: '/v1/users', headers: { authorization, ...JSON_TYPE }, body: '{}' }]),
    ...['x-api-key', 'proxy-authorization', 'cookie', 'x-amz-security-token', 'wami-service-token', 'x-correlation-id', 'tracestate'].map((name) => ({ method: 'GET', path: '/v1/whoami', headers: { [name]: `a=${w(name)}` } })),
    { method: 'GET', path: `/v1/whoami?access_token=${w('?access_token of nobody')}` },
  ];
}

/** Sent with credentials that hold; the secrets stand where none belongs. */
export function misplaced(planted: PlantedSecrets): StrayRequest[] {
  const w = (label: string): string => planted.word(label);
  const post = (body: string, headers: Readonly<Record<string, string>> = {}): StrayRequest => ({ method: 'POST', path: '/v1/users', headers: { ...JSON_TYPE, ...headers }, body });
  const user = (more: object): string => JSON.stringify({ tenant: 'acme', userName: 'stray', ...more });
  return [
    ...['/v1/whoami', '/v1/users/usr_01ARZ3NDEKTSV4RRFFQ69G5FAV', '/v1/resources', '/v1/nowhere', '/health/ready', '/nowhere', '/v1/api-keys', '/v1/resources/%zz']
      .flatMap((path) => [{ method: 'GET', path: `${path}?token=${w('?token')}` }, { method: 'DELETE', path: `${path}?access_token=${w('?access_token')}` }]),
    { method: 'GET', path: '/v1/whoami', headers: { cookie: `session=${w('cookie')}` } },
    { method: 'GET', path: `/v1/resources?limit=${w('?limit')}&cursor=${w('?cursor')}` },
    { method: 'GET', path: '/v1/resources?tenant=acme', headers: { 'wami-after': w('wami-after'), 'wami-consistency': w('wami-consistency') } },
    post(user({ password: w('unknown field') })), post(user({ userName: { token: w('object for a text') } })), post(user({ displayName: [w('list for a text')] })),
    post(user({ email: w('no address') })), post(user({ tags: { team: { secret: w('deep') } } })), post(JSON.stringify(w('a bare text'))), post(JSON.stringify([w('a list')])),
    post(`{"token": "${w('malformed JSON')}`), post(w('no JSON at all')), post(`{"${w('a key without a value')}"`), post(JSON.stringify({ token: w('large body'), rest: 'x'.repeat(2_000_000) })),
    post(`secret=${w('form')}`, { 'content-type': 'application/x-www-form-urlencoded' }), post('{}', { 'content-type': `text/${w('content type')}` }),
    post(user({}), { 'if-match': w('if-match') }), post(user({}), { prefer: w('prefer') }), post(user({}), { 'idempotency-key': `${w('long key')}${'x'.repeat(300)}` }),
    post(user({}), { traceparent: `00-${w('traceparent')}`, tracestate: `a=${w('tracestate')}`, 'x-correlation-id': `${w('long correlation id')}${'x'.repeat(128)}` }),
    // One that is accepted is written on the events, as it promises.
    post(user({ tenant: 'nowhere' }), { 'x-correlation-id': w('correlation id of what is refused') }), post(user({ tenant: 'nowhere' }), { 'idempotency-key': w('key of what is refused') }),
    { method: 'POST', path: '/v1/batch', headers: JSON_TYPE, body: JSON.stringify({ operations: [{ method: 'POST', path: `/v1/users?token=${w('path in a batch')}`, body: { password: w('body in a batch') } }] }) },
    { method: 'POST', path: '/v1/api-keys', headers: JSON_TYPE, body: JSON.stringify({ tenant: 'acme', role: 'viewer', name: 'x', secret: w('secret of ones own') }) },
    { method: 'PUT', path: '/v1/tenants/acme/sync-config', headers: JSON_TYPE, body: JSON.stringify({ providers: [{ provider: 'aws', account: '000000000001', secretAccessKey: w('secret in the sync configuration') }] }) },
  ];
}
