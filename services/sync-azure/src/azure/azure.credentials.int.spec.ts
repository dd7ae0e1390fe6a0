import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '@wami/testing';
import { RIGHT_SECRET, startLoginService, TENANT, token, type LoginService } from '../spec-support/login-service';

const ROOT = join(__dirname, '../../../..');
let service: LoginService;
let folder: string;

beforeAll(async () => {
  service = await startLoginService();
  folder = mkdtempSync(join(tmpdir(), 'wami-azure-'));
  writeFileSync(join(folder, 'ca.pem'), LOOPBACK_CERTIFICATE);
  writeFileSync(join(folder, 'client.pem'), `${LOOPBACK_KEY}${LOOPBACK_CERTIFICATE}`);
  writeFileSync(join(folder, 'federated'), ['e30', Buffer.from('{"iss":"https://cluster.example"}').toString('base64url'), 'x'].join('.'));
  writeFileSync(join(folder, 'right'), `${RIGHT_SECRET}\n`);
  writeFileSync(join(folder, 'wrong'), 'another-secret');
  writeFileSync(join(folder, 'expired'), token('bearer', 'another-tenant'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.close();
});

function signIn(connections: readonly Connection[], environment: Readonly<Record<string, string>>): Promise<unknown> {
  const hook = join(ROOT, 'tools/swc-hook.cjs');
  const env = { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'), ...environment };
  const child = spawn(process.execPath, ['-C', '@wami/source', '-r', hook, join(__dirname, '../spec-support/who-signs-in.ts'), JSON.stringify(connections)], { cwd: ROOT, env });
  const parts: { out: string; err: string } = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (parts.out += part.toString('utf8')));
  child.stderr.on('data', (part: Buffer) => (parts.err += part.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(parts.out)) : reject(new Error(parts.err))));
  });
}

describe('who signs in to Microsoft', () => {
  it('by secret, certificate, federated token, bearer token, managed identity or what the environment holds; a refused one is AuthExpired and nothing of it is shown', async () => {
    const connect = (credentials: Connection['credentials']): Connection => ({ provider: 'azure', account: TENANT, endpoints: { graph: service.graph, login: service.login }, credentials });
    const app = { clientId: 'app-1' };
    const results = await signIn(
      [
        connect({ type: 'client-secret', ...app, clientSecret: `file:${join(folder, 'right')}`, expiresAt: '2027-01-31' }),
        connect({ type: 'client-certificate', ...app, certificate: `file:${join(folder, 'client.pem')}` }),
        connect({ type: 'workload-identity', ...app, tokenFile: join(folder, 'federated') }),
        connect({ type: 'bearer', token: 'env:WAMI_GIVEN_TOKEN' }),
        connect({ type: 'managed-identity' }),
        connect({ type: 'default' }),
        connect({ type: 'client-secret', ...app, clientSecret: `file:${join(folder, 'wrong')}` }),
        connect({ type: 'bearer', token: `file:${join(folder, 'expired')}` }),
        connect({ type: 'bearer', token: 'env:WAMI_NOTHING' }),
      ],
      {
        WAMI_GIVEN_TOKEN: token('bearer'), IDENTITY_ENDPOINT: `${service.graph}/msi`, IDENTITY_HEADER: 'a-header',
        AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: 'app-2', AZURE_CLIENT_SECRET: RIGHT_SECRET,
      },
    );
    const here = (oid: string) => ({ account: TENANT, principal: `/servicePrincipals/${oid}` });
    expect(results).toEqual([
      { ...here('secret'), expiresAt: '2027-01-31T00:00:00.000Z' }, { ...here('certificate'), expiresAt: '2126-10-29T21:54:01.000Z' }, here('federated'), here('bearer'), here('managed'), here('secret'),
      { code: 'AuthExpired', effect: 'none', message: expect.stringContaining('AADSTS7000215') },
      { code: 'AuthExpired', effect: 'none', message: expect.stringContaining('expired') },
      { code: 'AuthExpired', effect: 'none', message: `azure/${TENANT}: credentials.token: env:WAMI_NOTHING holds nothing or cannot be read` },
    ]);
    expect(JSON.stringify(results)).not.toContain('another-secret');
    expect(service.asked).toEqual(expect.arrayContaining([
      'secret of app-1 for https://graph.microsoft.com/.default', 'certificate of app-1 for https://graph.microsoft.com/.default',
      'federated of app-1 for https://graph.microsoft.com/.default', 'managed identity a-header', 'secret of app-2 for https://graph.microsoft.com/.default',
    ]));
  }, 120_000);
});
