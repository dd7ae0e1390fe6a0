import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { gcpSettings } from './gcp.config';

const connection = (more: Partial<Connection> = {}): Connection => ({ provider: 'gcp', account: 'web-shop', credentials: { type: 'default' }, ...more });

describe('a connection to Google Cloud', () => {
  it.each(['web-shop', 'example.com:web-shop'])('needs no more than a project, such as %s', (account) => {
    const scope = `projects/${account}`;
    const node = { kind: 'projects', scope, rolesIn: scope };
    expect(gcpSettings(connection({ account }))).toEqual({ account, node, place: node, endpoints: {}, credentials: { type: 'default' }, denyPolicies: false });
  });

  it.each([
    ['organizations:456', { kind: 'organizations', scope: 'organizations/456', rolesIn: 'organizations/456' }],
    ['organizations:456:folders:123', { kind: 'folders', scope: 'folders/123', rolesIn: 'organizations/456' }],
  ])('may be for an organisation or a folder of it: %s', (account, place) => {
    expect(gcpSettings(connection({ account }))).toMatchObject({ account, node: place, place });
    expect(gcpSettings(connection({ scope: account }))).toMatchObject({ account: 'web-shop', node: { kind: 'projects' }, place });
  });

  it('takes one endpoint for all, and one for each API before it', () => {
    const { endpoints } = gcpSettings(connection({ endpoint: 'http://127.0.0.1:1', endpoints: { iam: 'http://127.0.0.1:2' } }));
    expect(endpoints).toEqual({ iam: 'http://127.0.0.1:2', cloudresourcemanager: 'http://127.0.0.1:1', iamcredentials: 'http://127.0.0.1:1', cloudidentity: 'http://127.0.0.1:1', admin: 'http://127.0.0.1:1' });
  });

  it.each<[string, Partial<Connection>]>([
    ["account: a Google Cloud project's id", { account: '123456789012' }],
    ["account: a Google Cloud project's id", { account: 'Web-Shop' }],
    ['or organizations:NUMBER, or organizations:NUMBER:folders:NUMBER', { account: 'organizations:acme' }],
    ['or organizations:NUMBER, or organizations:NUMBER:folders:NUMBER', { account: 'folders:123' }],
    ['scope: for a project alone', { account: 'organizations:1', scope: 'organizations:1:folders:2' }],
    ['endpoints.storage: not an API of Google that is used here; known: iam, cloudresourcemanager, iamcredentials, cloudidentity, admin', { endpoints: { storage: 'http://127.0.0.1:1' } }],
    ["credentials.type: 'static' is not supported; supported: default, service-account, external-account, bearer, impersonate", { credentials: { type: 'static' } }],
    ['credentials.key: write env:NAME or file:PATH, never the secret itself', { credentials: { type: 'service-account', key: '{"hush": 1}' } }],
    ['credentials.token:', { credentials: { type: 'bearer' } }],
    ['credentials.serviceAccount: the e-mail address', { credentials: { type: 'impersonate', serviceAccount: 'deployer' } }],
    ['credentials.source.token: write env:NAME', { credentials: { type: 'impersonate', serviceAccount: 'a@b.c', source: { type: 'bearer', token: 'hush' } } }],
    ['accessBoundaries: another organisation', { account: 'organizations:1:folders:2', accessBoundaries: 'organizations:3' }],
  ])('is refused where %s', (says, more) => {
    expect(() => gcpSettings(connection(more))).toThrow(expect.objectContaining({ code: 'InvalidRequest', message: expect.stringContaining(says) }));
    expect(() => gcpSettings(connection(more))).not.toThrow(expect.objectContaining({ message: expect.stringContaining('hush') }));
  });

  it('reads secrets anew each time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gcp-config-'));
    try {
      const file = join(folder, 'token');
      const { credentials } = gcpSettings(connection({ credentials: { type: 'bearer', token: `file:${file}` } }));
      const read = () => (credentials.type === 'bearer' ? credentials.read() : undefined);
      writeFileSync(file, 'first\n');
      expect(read()).toBe('first');
      writeFileSync(file, 'second\n');
      expect(read()).toBe('second');
      rmSync(file);
      expect(read).toThrow(expect.objectContaining({ code: 'AuthExpired', message: `gcp/web-shop: credentials.token: file:${file} holds nothing or cannot be read` }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
