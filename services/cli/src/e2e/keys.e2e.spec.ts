import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import type { Ran } from '../testing/run-wami';
import { SandboxAws } from '../testing/sandbox-aws';
import { WamiHost } from '../testing/wami-host';

jest.setTimeout(90_000);

interface Key { readonly id: string; readonly secret?: string; readonly expiresAt?: string; readonly lastUsedAt?: string; readonly previousSecretUntil?: string }

describe('API keys, login profiles, MFA devices, identity providers and the clouds\' own credentials by command', () => {
  const folder = temporaryDirectory('cli-keys');
  const dataDir = join(folder, 'data');
  const host = new WamiHost();
  let server: WamiProcess;
  let cloud: SandboxAws;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
    cloud = new SandboxAws(dataDir);
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    removeDirectory(folder);
  });

  const wami = (...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_DATA_DIR: dataDir } });
  /** Must succeed. */
  const ok = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await wami(...args);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return out;
  };
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await wami(...args, '-o', 'json')).out) as T;
  const as = (token: string, ...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_ADDRESS: server.url, WAMI_TOKEN: token } });

  it('create shows the secret once; WAMI_TOKEN is who the key is; list shows its use and no secret', async () => {
    const created = await wami('key', 'create', 'board', '--role', 'viewer', '--expires', '90d');
    expect(created).toMatchObject({ code: 0, err: 'The secret is shown this once. Use it as WAMI_TOKEN.\n' });
    const [secret = ''] = /wami_pat_\w{40}_\w{6}/.exec(created.out) ?? [];
    expect((await as(secret, 'whoami')).out).toMatch(/api-key\/key_\w+ +viewer +default /);
    expect(await as(secret, 'user', 'create', 'ann')).toMatchObject({ code: 4, err: expect.stringMatching(/^✗ Forbidden: this takes the role editor or admin; yours is viewer/) as string });
    const listed = await wami('key', 'list');
    expect(listed.out).toMatch(/^NAME +ROLE +TENANT +EXPIRES +USED +ID\nboard +viewer +default +\d{4}-\d\d-\d\d \d\d:\d\d +\d+ s ago +key_/);
    expect(listed.out).not.toContain('wami_pat_');
    const [key] = await json<Key[]>('key', 'list');
    expect(Math.abs(Date.parse(key?.expiresAt ?? '') - Date.now() - 90 * 86_400_000)).toBeLessThan(60_000);
  });

  it('login profiles: one of a user, with a password that is shown once; another after it is deleted', async () => {
    await ok('user', 'create', 'sits-at-consoles', '--wait');
    const create = async (): Promise<{ readonly id: string; readonly password: string }> => {
      const created = await wami('login-profile', 'create', 'sits-at-consoles', '-o', 'json');
      expect(created).toMatchObject({ code: 0, err: expect.stringMatching(/^The password is shown this once, and kept nowhere\.\n[^]*✓ Synced +aws\/000000000001/) as string });
      const [made] = JSON.parse(created.out) as { id: string; target: string; password: string }[];
      expect(made).toEqual({ id: expect.stringMatching(/^lgp_/) as string, target: 'aws/000000000001', password: expect.stringMatching(/^[\w+=%]{128}$/) as string });
      return made ?? { id: '', password: '' };
    };
    const first = await create();
    const there = async () => (await cloud.state()).users.find(({ userName }) => userName === 'sits-at-consoles')?.hasLoginProfile;
    expect(await there()).toBe(true);
    expect(await ok('login-profile', 'get', 'sits-at-consoles')).toMatch(new RegExp(`^CREATED +AT +ID\n\\d+ s ago +aws/000000000001 +${first.id}\n$`));
    expect(await ok('login-profile', 'get', 'user/sits-at-consoles', '-o', 'json')).not.toContain(first.password);
    expect(await wami('login-profile', 'create', 'sits-at-consoles')).toMatchObject({ code: 6, err: expect.stringContaining('the user has a login profile already') as string });
    expect((await wami('login-profile', 'delete', 'sits-at-consoles', '--wait')).err).toContain(`Deleted login-profile/${first.id}.\n`);
    expect(await there()).toBe(false);
    expect(await wami('login-profile', 'get', 'sits-at-consoles')).toMatchObject({ code: 5 });
    expect((await create()).password).not.toBe(first.password);
    await ok('user', 'delete', 'sits-at-consoles', '--wait');
    expect(await there()).toBeUndefined();
  });

  it('MFA devices: several of a user, each enabled, with a seed that is shown once; what somebody enrolled there is not touched', async () => {
    await ok('user', 'create', 'has-a-phone', '--wait');
    const there = async () => (await cloud.state()).users.find(({ userName }) => userName === 'has-a-phone')?.mfaDevices;
    const serial = (id: string) => `arn:aws:iam::000000000001:mfa/${id}`;
    const create = async (name: string): Promise<{ readonly id: string; readonly seed: string }> => {
      const created = await wami('mfa-device', 'create', 'has-a-phone', name, '-o', 'json');
      expect(created).toMatchObject({ code: 0, err: expect.stringMatching(/^The seed is shown this once, and kept nowhere\.\n[^]*✓ Synced +aws\/000000000001/) as string });
      const [made = { id: '', seed: '' }] = JSON.parse(created.out) as { id: string; seed: string }[];
      expect(made).toEqual({
        id: expect.stringMatching(/^mfa_/) as string, target: 'aws/000000000001', serialNumber: serial(made.id), seed: expect.stringMatching(/^[A-Z2-7]{64}$/) as string,
        address: `otpauth://totp/Amazon%20Web%20Services:has-a-phone%40000000000001?secret=${made.seed}&issuer=Amazon%20Web%20Services`,
      });
      return made;
    };
    const [phone, tablet] = [await create('phone'), await create('tablet')];
    expect(await there()).toEqual([serial(phone.id), serial(tablet.id)]);
    const listed = await ok('mfa-device', 'list', 'user/has-a-phone');
    expect(listed).toMatch(new RegExp(`^NAME +CREATED +AT +ID\\nphone +\\d+ s ago +aws/000000000001 ${serial(phone.id)} +${phone.id}\\ntablet `));
    expect(listed).not.toContain(phone.seed);
    expect(await wami('mfa-device', 'create', 'has-a-phone', 'Phone')).toMatchObject({ code: 6, err: expect.stringContaining('the user has an MFA device of this name already') as string });
    expect((await wami('mfa-device', 'delete', 'has-a-phone', 'phone', '--wait')).err).toContain(`Deleted mfa-device/${phone.id}.\n`);
    expect(await there()).toEqual([serial(tablet.id)]);
    expect(await wami('mfa-device', 'delete', 'has-a-phone', 'phone')).toMatchObject({ code: 5, err: expect.stringContaining('has-a-phone has no MFA device phone') as string });
    await cloud.call('DeactivateMFADevice', { UserName: 'has-a-phone', SerialNumber: serial(tablet.id) });
    expect((await wami('sync', 'now', '--yes')).code).toBe(0);
    expect(await wami('status', tablet.id)).toMatchObject({ code: 3, out: expect.stringContaining('it was deleted at the target') as string });
    await ok('mfa-device', 'delete', 'has-a-phone', serial(tablet.id), '--wait');
    await cloud.call('CreateVirtualMFADevice', { VirtualMFADeviceName: tablet.id });
    await create('another');
    await ok('user', 'delete', 'has-a-phone', '--wait');
    expect(await there()).toBeUndefined();
  });

  it('keeps the secret in a file for a profile, and writes over none', async () => {
    const file = join(folder, 'token');
    const created = await wami('key', 'create', 'saved', '--role', 'editor', '--save', file);
    expect([created.code, `${created.out}${created.err}`.includes('wami_pat_'), statSync(file).mode & 0o777]).toEqual([0, false, 0o600]);
    const secret = readFileSync(file, 'utf8');
    expect(await wami('key', 'create', 'again', '--role', 'editor', '--save', file)).toMatchObject({ code: 64, err: expect.stringContaining('exists already') as string });
    expect(readFileSync(file, 'utf8')).toBe(secret);
    expect((await json<Key[]>('key', 'list')).length).toBe(2);
    mkdirSync(join(folder, 'wami'));
    writeFileSync(join(folder, 'wami', 'config.yaml'), `current: ci\nprofiles:\n  ci: { address: '${server.url}', tokenFile: '${file}' }\n`);
    expect((await host.run(['whoami'], { env: { XDG_CONFIG_HOME: folder } })).out).toMatch(/editor +default/);
  });

  it('rotate leaves the secret before for a while, revoke ends both, by name or id', async () => {
    const { id, secret = '' } = await json<Key>('api-key', 'create', 'ci', '--role', 'admin');
    const rotated = await json<Key>('key', 'rotate', 'ci', '--overlap', '1h');
    expect(rotated.id).toBe(id);
    expect(Math.abs(Date.parse(rotated.previousSecretUntil ?? '') - Date.now() - 3_600_000)).toBeLessThan(60_000);
    for (const one of [secret, rotated.secret ?? '']) expect((await as(one, 'whoami')).code).toBe(0);
    expect(await wami('key', 'revoke', id)).toMatchObject({ code: 0, err: `Revoked api-key/${id}.\n` });
    for (const one of [secret, rotated.secret ?? '']) await eventually(async () => (await as(one, 'whoami')).code === 4, { timeoutMs: 5000, describe: 'refused' });
    expect(await wami('key', 'revoke', 'ci')).toMatchObject({ code: 5, err: expect.stringContaining('There is no API key named ci') as string });
  });

  it('makes nothing in a dry run, and says what is wrong with what was typed', async () => {
    const dry = await wami('key', 'create', 'dry', '--role', 'viewer', '--dry-run');
    expect([dry.code, dry.out.includes('wami_pat_'), dry.err]).toEqual([0, false, 'Nothing was written (--dry-run).\n']);
    expect((await wami('key', 'create', 'x')).code).toBe(64);
    expect((await wami('key', 'create', 'x', '--role', 'root')).err).toContain('Allowed choices are viewer, editor, operator, admin');
    expect((await wami('key', 'create', 'x', '--role', 'viewer', '--expires', 'soon')).err).toContain('90d');
    expect(await wami('key', 'create', 'x', '--role', 'viewer', '--expires', '2020-01-01T00:00:00Z')).toMatchObject({ code: 1, err: expect.stringContaining('/expiresAt: must be in the future') as string });
    expect((await wami('key', '--help')).out).toContain('The secret is shown once.');
  });

  it('provider check: who we are there now, by the exit code too, and taken at once when it is well again', async () => {
    await eventually(async () => expect(await wami('provider', 'check')).toMatchObject({ code: 0, out: expect.stringMatching(/^TARGET +CHECK +SIGNS IN AS +CREDENTIALS END +DENIED +HOLDS\naws\/000000000001 +✓ ok +arn:aws:\S+ +0 +user, group/) as string, err: '' }));
    expect(await wami('provider', 'check', 'aws/1')).toMatchObject({ code: 5, err: '✗ There is no target aws/1.\n  See `wami provider list`.\n' });
    await ok('sandbox', 'fault', 'aws', '--credentials', 'rejected');
    const rejected = await wami('provider', 'check', 'aws/000000000001', '-o', 'json');
    expect(rejected).toMatchObject({ code: 1, err: expect.stringMatching(/^✗ aws\/000000000001 AuthExpired: .+\n {2}→ Renew the credentials/) as string });
    expect(JSON.parse(rejected.out)).toMatchObject([{ provider: 'aws', outcome: 'AuthExpired', health: 'credentials-rejected', denied: [] }]);
    await ok('sandbox', 'heal', 'aws');
    expect(await json('provider', 'check', 'aws/000000000001')).toMatchObject([{ outcome: 'ok', health: 'ok', credentials: { expiresSoon: false } }]);
  });

  it('identity provider: create, get, list, update, drift, delete; OIDC by its address, SAML by its name', async () => {
    const METADATA = `<EntityDescriptor entityID="https://idp.example">${'x'.repeat(1_000)}</EntityDescriptor>`;
    const metadata = join(folder, 'okta.xml');
    writeFileSync(metadata, METADATA);
    const trusted = async () => (await cloud.state()).identityProviders;
    const [OIDC, SAML] = ['arn:aws:iam::000000000001:oidc-provider/token.actions.githubusercontent.com', 'arn:aws:iam::000000000001:saml-provider/okta'];
    const created = await wami('identity-provider', 'create', 'github', '--oidc-url', 'https://token.actions.githubusercontent.com', '--client-id', 'sts.amazonaws.com', '--tag', 'team=core', '--wait');
    expect(created).toMatchObject({ code: 0, out: expect.stringMatching(/\ngithub +default +https:\/\/token\.actions\.githubusercontent\.com +sts\.amazonaws\.com +1 +idp_[0-9A-Z]{26}\n$/) as string });
    expect(created.err).toMatch(/✓ Synced +aws\/000000000001.*oidc-provider\/token\.actions/);
    await ok('idp', 'create', 'okta', '--saml', metadata, '--wait');
    expect(await trusted()).toMatchObject([{ arn: OIDC, tags: { team: 'core', 'managed-by': 'wami', 'wami-kind': 'identity-provider' }, trusts: { clientIds: ['sts.amazonaws.com'] } }, { arn: SAML, trusts: { metadata: METADATA } }]);
    expect(await json('idp', 'get', 'github')).toMatchObject({ oidc: { clientIds: ['sts.amazonaws.com'] } });
    expect(await ok('idp', 'list')).toMatch(/\ngithub +default +✓ Synced /);
    await ok('idp', 'update', 'github', '--name', 'actions', '--client-id', 'sts.amazonaws.com', '--client-id', 'deploy', '--wait');
    await cloud.call('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC, ClientID: 'theirs' });
    await cloud.call('UpdateSAMLProvider', { SAMLProviderArn: SAML, SAMLMetadataDocument: METADATA.replace('idp.example', 'theirs.example') });
    await ok('sync', 'now', '--yes');
    expect((await trusted()).map(({ trusts }) => trusts)).toMatchObject([{ clientIds: ['sts.amazonaws.com', 'deploy'] }, { metadata: METADATA }]);
    const before = await cloud.writes();
    await ok('sync', 'now', '--yes');
    expect(await cloud.writes()).toBe(before);
    for (const name of ['actions', 'okta']) await ok('idp', 'delete', name, '--wait');
    expect(await trusted()).toEqual([]);
  });
});
