import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { freePort, LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '@wami/testing';
import { LATER_CERTIFICATE } from '../spec-support/later-certificate';
import { RIGHT_SECRET, SHORT_LIVED, startLoginService, TENANT, token, type LoginService } from '../spec-support/login-service';
import type { SignIn } from '../spec-support/who-signs-in';

const ROOT = join(__dirname, '../../../..');
let service: LoginService;
let folder: string;
let came: Readonly<Record<'ways' | 'rotated' | 'places', readonly unknown[]>>;

beforeAll(async () => {
  service = await startLoginService();
  folder = mkdtempSync(join(tmpdir(), 'wami-azure-'));
  writeFileSync(join(folder, 'ca.pem'), LOOPBACK_CERTIFICATE);
  writeFileSync(join(folder, 'client.pem'), `${LOOPBACK_KEY}${LOOPBACK_CERTIFICATE}`);
  writeFileSync(join(folder, 'federated'), ['e30', Buffer.from('{"iss":"https://cluster.example"}').toString('base64url'), 'x'].join('.'));
  writeFileSync(join(folder, 'right'), `${RIGHT_SECRET}\n`);
  writeFileSync(join(folder, 'wrong'), 'another-secret');
  writeFileSync(join(folder, 'expired'), token('bearer', 'another-tenant'));
  const account = JSON.stringify({ accessToken: token('command-line'), expires_on: Math.floor(Date.now() / 1000) + 3600, tenant: TENANT, tokenType: 'Bearer' });
  writeFileSync(join(folder, 'az'), `#!/bin/sh\necho '${account}'\n`);
  chmodSync(join(folder, 'az'), 0o755);
  const [ways, rotated, places] = [WAYS(), ROTATED(), PLACES(await freePort())];
  const results = await signIn([...ways, ...rotated, ...places]);
  came = { ways: results.slice(0, ways.length), rotated: results.slice(ways.length, -places.length), places: results.slice(-places.length) };
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.close();
});

const connect = (credentials: Connection['credentials'], more: Connection['endpoints'] = {}): Connection =>
  ({ provider: 'azure', account: TENANT, endpoints: { graph: service.graph, login: service.login, ...more }, credentials });
const file = (name: string): string => join(folder, name);
const here = (oid: string) => ({ account: TENANT, principal: `/servicePrincipals/${oid}` });
const app = { clientId: 'app-1' };

const WAYS = (): SignIn[] => [
  connect({ type: 'client-secret', ...app, clientSecret: `file:${file('right')}`, expiresAt: '2027-01-31' }),
  connect({ type: 'client-certificate', ...app, certificate: `file:${file('client.pem')}` }),
  connect({ type: 'workload-identity', ...app, tokenFile: file('federated') }),
  connect({ type: 'bearer', token: 'env:WAMI_GIVEN_TOKEN' }),
  connect({ type: 'managed-identity' }),
  connect({ type: 'default' }),
  connect({ type: 'client-secret', ...app, clientSecret: `file:${file('wrong')}` }),
  connect({ type: 'bearer', token: `file:${file('expired')}` }),
  connect({ type: 'bearer', token: 'env:WAMI_NOTHING' }),
].map((by) => ({ by }));

const ROTATED = (): SignIn[] => {
  const secret = connect({ type: 'client-secret', clientId: SHORT_LIVED, clientSecret: `file:${file('secret')}` });
  const certificate = connect({ type: 'client-certificate', clientId: SHORT_LIVED, certificate: `file:${file('pem')}` });
  return [
    ...[RIGHT_SECRET, 'another-secret', RIGHT_SECRET].map((content) => ({ by: secret, files: { [file('secret')]: content } })),
    ...[LOOPBACK_CERTIFICATE, LATER_CERTIFICATE].map((content) => ({ by: certificate, files: { [file('pem')]: `${LOOPBACK_KEY}${content}` } })),
  ];
};

const PLACES = (closed: number): SignIn[] => [
  { by: connect({ type: 'workload-identity' }), environment: { AZURE_FEDERATED_TOKEN_FILE: file('federated'), AZURE_CLIENT_ID: 'app-3' } },
  { by: connect({ type: 'managed-identity', clientId: 'identity-1' }), environment: { AZURE_FEDERATED_TOKEN_FILE: null } },
  { by: connect({ type: 'default' }, { graph: `${service.graph}/` }), environment: { AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential', PATH: `${folder}:${process.env['PATH'] ?? ''}` } },
  { by: connect({ type: 'client-secret', ...app, clientSecret: `file:${file('right')}` }, { login: `https://127.0.0.1:${closed}` }) },
];

function signIn(each: readonly SignIn[]): Promise<readonly unknown[]> {
  const hook = join(ROOT, 'tools/swc-hook.cjs');
  const env = {
    PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: file('ca.pem'), WAMI_GIVEN_TOKEN: token('bearer'), IDENTITY_ENDPOINT: `${service.graph}/msi`, IDENTITY_HEADER: 'a-header',
    AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: 'app-2', AZURE_CLIENT_SECRET: RIGHT_SECRET,
  };
  const child = spawn(process.execPath, ['-C', '@wami/source', '-r', hook, join(__dirname, '../spec-support/who-signs-in.ts'), JSON.stringify(each)], { cwd: ROOT, env });
  const parts: { out: string; err: string } = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (parts.out += part.toString('utf8')));
  child.stderr.on('data', (part: Buffer) => (parts.err += part.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(parts.out) as unknown[]) : reject(new Error(parts.err))));
  });
}

describe('who signs in to Microsoft', () => {
  it('by secret, certificate, federated token, bearer token, managed identity or what the environment holds; a refused one is AuthExpired and nothing of it is shown', () => {
    expect(came.ways).toEqual([
      { ...here('secret'), expiresAt: '2027-01-31T00:00:00.000Z' }, { ...here('certificate'), expiresAt: '2126-10-29T21:54:01.000Z' }, here('federated'), here('bearer'), here('managed'), here('secret'),
      { code: 'AuthExpired', effect: 'none', message: expect.stringContaining('AADSTS7000215') },
      { code: 'AuthExpired', effect: 'none', message: expect.stringContaining('expired') },
      { code: 'AuthExpired', effect: 'none', message: `azure/${TENANT}: credentials.token: env:WAMI_NOTHING holds nothing or cannot be read` },
    ]);
    expect(JSON.stringify(came)).not.toContain('another-secret');
    expect(service.asked).toEqual(expect.arrayContaining([
      'secret of app-1 for https://graph.microsoft.com/.default', 'certificate of app-1 for https://graph.microsoft.com/.default',
      'federated of app-1 for https://graph.microsoft.com/.default', 'managed identity a-header', 'secret of app-2 for https://graph.microsoft.com/.default',
    ]));
  });

  it('by the secret and the certificate that stand in the file now: whoever replaces one starts nothing anew', () => {
    expect(came.rotated).toEqual([
      here('secret'), { code: 'AuthExpired', effect: 'none', message: expect.stringContaining('AADSTS7000215') }, here('secret'),
      { ...here('certificate'), expiresAt: '2126-10-29T21:54:01.000Z' }, { ...here('later-certificate'), expiresAt: '2125-06-18T04:13:14.000Z' },
    ]);
  });

  it('as the workload that the environment names, one of many identities of the host, or whoever signed in on the command line; where nobody gives a token that is NetworkError', () => {
    expect(came.places).toEqual([here('federated'), here('managed'), here('command-line'), { code: 'NetworkError', effect: 'none', message: expect.stringContaining('endpoints_resolution_error') }]);
    expect(service.asked).toEqual(expect.arrayContaining(['federated of app-3 for https://graph.microsoft.com/.default', 'managed identity a-header identity-1']));
  });
});
