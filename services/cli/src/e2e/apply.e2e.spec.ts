import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { runWami, type Ran } from '../testing/run-wami';
import { WamiHost } from '../testing/wami-host';

jest.setTimeout(120_000);

const ORGANISATION = `
declaration: acme-org
tenants:
  acme:
    name: Acme Ltd
    metadata: { owner: it }
    syncConfig: { providers: [{ provider: aws, account: "000000000001" }] }
    policies:
      read-reports: { document: documents/read.json, description: Reads, tags: { team: core } }
      limit: { document: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] } }
    users:
      ann: { displayName: Ann, email: ann@acme.example, tags: { team: core, site: b } }
      bob:
    groups:
      engineers: { members: [ann, bob, { name: carl, tenant: acme/eng }], policies: [read-reports] }
  acme/eng:
    users:
      carl: { permissionsBoundary: limit, policies: [read-reports], path: /eng/ }
    roles:
      writer: { trustPolicy: documents/trust.yaml, policies: [read-reports], maxSessionDuration: 7200 }
    serviceAccounts:
      deployer: { description: Deploys }
`;

interface PlanData {
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  readonly kept: readonly object[];
  readonly foreign: readonly object[];
}

describe('a declared organisation, against a running npm start', () => {
  const folder = temporaryDirectory('cli-apply');
  const dataDir = join(folder, '.wami');
  const host = new WamiHost();
  let server: WamiProcess;

  const file = (name: string, content: string): string => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    return name;
  };
  const wami = (...args: string[]): Promise<Ran> => host.run(args, { cwd: folder });
  const ok = async (...args: string[]): Promise<Ran> => {
    const ran = await wami(...args);
    expect({ code: ran.code, err: ran.code === 0 ? '' : ran.err }).toEqual({ code: 0, err: '' });
    return ran;
  };
  const plan = async (...args: string[]): Promise<PlanData> => JSON.parse((await ok('diff', ...args, '-o', 'json')).out) as PlanData;
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await ok(...args, '-o', 'json')).out) as T;
  /** A declaration of a tenant of its own, for tests that leave something behind. */
  const own = (tenant: string, body: string): string => file(`${tenant}.yaml`, `declaration: ${tenant}-org\ntenants:\n  ${tenant}:\n${body.replace(/^/gm, '    ')}\n`);

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
    file('documents/read.json', JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'Only', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }] }));
    file('documents/trust.yaml', 'Version: 2012-10-17\nStatement:\n  Effect: Allow\n  Principal: { Service: ecs-tasks.amazonaws.com }\n  Action: sts:AssumeRole\n');
    file('org.yaml', ORGANISATION);
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    removeDirectory(folder);
  });

  it('diff says what would be done and writes nothing; apply asks where nobody says --yes; then it is done, once', async () => {
    const asked = await wami('diff', '-f', 'org.yaml', '--exit-code');
    expect(asked).toMatchObject({ code: 2, err: 'acme-org: 10 to create, 6 to join or attach.\n' });
    expect(asked.out).toMatch(/^\+ tenant\/acme\n {4}name: "Acme Ltd"\n/);
    expect(asked.out).toContain('+ user/ann (acme)\n    displayName: "Ann"\n    email: "ann@acme.example"\n    tags: {"team":"core","site":"b"}\n');
    expect(asked.out).toContain('+ user/carl (acme/eng) joins group/engineers (acme)\n');
    expect(await wami('diff', '-f', 'org.yaml')).toMatchObject({ code: 0, out: asked.out });
    expect(await wami('apply', '-f', 'org.yaml', '--dry-run', '--exit-code')).toMatchObject({ code: 2, out: asked.out });
    expect(await wami('apply', '-f', 'org.yaml')).toMatchObject({ code: 7, err: expect.stringContaining('--yes') as string });
    expect((await ok('tenant', 'list', '-o', 'name')).out).toBe('tenant/default\n');

    const applied = await wami('apply', '-f', 'org.yaml', '--yes', '--wait');
    expect(applied).toMatchObject({ code: 0, err: expect.stringMatching(/✓ acme-org: all 16 done\.\n[^]*8 of 8 states Synced, 8 things/) as string });
    // Beside commands, sync services tell of their targets by themselves.
    const commandsUpTo = async (): Promise<unknown> => {
      const position = (await server.call('GET', '/v1/events?limit=1')).headers.get('wami-position') ?? '';
      return (JSON.parse(Buffer.from(position, 'base64url').toString()) as [string, string][]).find(([source]) => source === 'identity')?.[1];
    };
    const before = await commandsUpTo();
    expect(before).toMatch(/^\d+\.\d+$/);
    expect(await ok('apply', '-f', 'org.yaml', '--yes')).toMatchObject({ out: '', err: 'acme-org: nothing to do.\n' });
    expect(await wami('diff', '-f', 'org.yaml', '--exit-code')).toMatchObject({ code: 0, out: '', err: 'acme-org: nothing to do.\n' });
    expect(await commandsUpTo()).toBe(before);
    expect(await json('user', 'get', 'carl')).toMatchObject({ tenant: 'acme/eng', path: '/eng/', tags: { 'declared-by': 'acme-org' }, permissionsBoundary: expect.stringMatching(/^pol_/) as string });
    expect((await ok('user', 'history', 'carl')).out).toMatch(/membership\.added[^]*attachment\.added/);
  });

  it('shows each field as it is and as it will be, and changes only those', async () => {
    const before = await json<{ version: number }>('user', 'get', 'bob');
    file('org.yaml', ORGANISATION.replace('displayName: Ann, email: ann@acme.example, tags: { team: core, site: b }', 'displayName: Anna, tags: { team: web }')
      .replace('"s3:*"', '"s3:Get*"').replace('members: [ann, bob,', 'members: [ann,').replace('7200', '3600').replace('policies: [read-reports], path: /eng/', 'path: /eng/'));
    const { out, err } = await ok('diff', '-f', 'org.yaml');
    expect(out).toBe([
      '~ user/ann (acme)', '    displayName: "Ann" -> "Anna"', '    email: "ann@acme.example" -> (none)', '    tags.site: "b" -> (none)', '    tags.team: "core" -> "web"',
      '~ policy/limit (acme)', '    document.Statement[0].Action: "s3:*" -> "s3:Get*"', '~ role/writer (acme/eng)', '    maxSessionDuration: 7200 -> 3600',
      '- user/bob (acme) leaves group/engineers (acme)', '- policy/read-reports (acme) is detached from user/carl (acme/eng)', '',
    ].join('\n'));
    expect(err).toBe('acme-org: 3 to change, 2 to take out or detach.\n');
    const result = JSON.parse((await ok('apply', '-f', 'org.yaml', '--yes', '-o', 'json')).out) as PlanData;
    expect(result.changes).toHaveLength(5);
    expect(result.changes.every(({ result: what }) => what === 'done')).toBe(true);
    expect(result.changes[0]).toMatchObject({ action: 'change', kind: 'user', name: 'ann', id: expect.stringMatching(/^usr_/) as string, fields: expect.arrayContaining([{ field: 'tags.site', from: 'b' }]) as unknown });
    expect(await json('user', 'get', 'ann')).toMatchObject({ displayName: 'Anna', tags: { team: 'web', 'declared-by': 'acme-org' } });
    expect(await json('user', 'get', 'bob')).toMatchObject({ version: before.version });
    expect(await plan('-f', 'org.yaml')).toMatchObject({ changes: [], kept: [], foreign: [] });
    file('org.yaml', ORGANISATION);
    expect((await ok('apply', '-f', 'org.yaml', '--yes')).err).toContain('all 5 done');
  });

  it('a policy that is only written in another way is no difference', async () => {
    file('spelled.yaml', ORGANISATION.replace('Action: "s3:*", Resource: "*"', 'Resource: ["*"], Action: ["s3:*"]'));
    expect(readFileSync(join(folder, 'spelled.yaml'), 'utf8')).not.toBe(ORGANISATION);
    expect(await plan('-f', 'spelled.yaml')).toMatchObject({ changes: [] });
  });

  it('keeps what the file no longer has, unless --prune: then it deletes its own and nothing else', async () => {
    await ok('-t', 'acme', 'user', 'create', 'eve');
    await ok('group', 'add', 'engineers', 'eve');
    file('less.yaml', ORGANISATION.replace('      bob:\n', '').replace('ann, bob,', 'ann,').replace('    serviceAccounts:\n      deployer: { description: Deploys }\n', ''));
    const kept = await ok('diff', '-f', 'less.yaml');
    expect(kept.out).toBe([
      '- user/bob (acme) leaves group/engineers (acme)', '= user/bob (acme): no longer declared; --prune deletes it',
      '= service-account/deployer (acme/eng): no longer declared; --prune deletes it',
      '= user/eve (acme) stays with group/engineers (acme): somebody else made it so; --adopt takes it away', '',
    ].join('\n'));
    expect((await ok('diff', '-f', 'less.yaml', '--prune')).out).toMatch(/^- user\/bob \(acme\)\n- service-account\/deployer \(acme\/eng\)\n= user\/eve .*\n$/);
    expect((await ok('diff', '-f', 'less.yaml', '--prune', '--adopt')).out).toContain('- user/eve (acme) leaves group/engineers (acme)\n');
    const limited = await wami('apply', '-f', 'less.yaml', '--prune', '--yes', '--allow-deletes', '1');
    expect(limited).toMatchObject({ code: 7, err: expect.stringMatching(/would take away 2, and at most 1 are allowed\.\n {2}--allow-deletes 2/) as string });
    expect((await ok('apply', '-f', 'less.yaml', '--prune', '--yes')).err).toContain('all 2 done');
    expect((await ok('user', 'list', '-o', 'json')).out).not.toContain('"bob"');
    expect((await ok('user', 'get', 'eve')).out).toContain('eve');
    expect((await ok('apply', '-f', 'less.yaml', '--prune', '--yes')).err).toBe('acme-org: nothing to do, 1 left as they are.\n');
    await ok('user', 'delete', 'eve');
    await ok('apply', '-f', 'org.yaml', '--yes');
  });

  it('what an earlier apply made and somebody deleted is made anew, with the same keys', async () => {
    const before = await json<{ id: string }>('user', 'get', 'bob');
    for (let round = 0; round < 2; round++) {
      await ok('user', 'delete', 'bob');
      expect((await ok('apply', '-f', 'org.yaml', '--yes')).err).toContain('all 2 done');
      expect((await json<{ id: string }>('user', 'get', 'bob')).id).not.toBe(before.id);
    }
    expect(await plan('-f', 'org.yaml')).toMatchObject({ changes: [] });
  });

  it('leaves alone what somebody else made, unless --adopt: then it is its own', async () => {
    await ok('tenant', 'create', 'foreign');
    await ok('-t', 'foreign', 'user', 'create', 'zoe', '--email', 'zoe@acme.example');
    await ok('-t', 'foreign', 'group', 'create', 'staff');
    own('foreign', 'users:\n  zoe: { email: zoe@acme.example }\n');
    expect(await plan('-f', 'foreign.yaml')).toMatchObject({ changes: [], foreign: [] });
    own('foreign', 'users:\n  zoe: { email: zoe@other.example }\ngroups:\n  staff: { members: [zoe] }\n');
    const refused = await wami('apply', '-f', 'foreign.yaml', '--yes');
    expect(refused).toMatchObject({ code: 7, err: expect.stringMatching(/of what has to change 2 belong to somebody else\.\n {2}--adopt/) as string });
    expect(refused.out).toBe([
      '! user/zoe (foreign) was not made by this declaration; --adopt takes it over', '    email: "zoe@acme.example" -> "zoe@other.example"',
      '! group/staff (foreign) was not made by this declaration; --adopt takes it over', '    members: (none) -> "user/zoe (foreign)"', '',
    ].join('\n'));
    expect(await json('-t', 'foreign', 'user', 'get', 'zoe')).toMatchObject({ email: 'zoe@acme.example' });
    expect((await ok('apply', '-f', 'foreign.yaml', '--yes', '--adopt')).out).toContain('    tags.declared-by: (none) -> "foreign-org"\n');
    expect(await json('-t', 'foreign', 'user', 'get', 'zoe')).toMatchObject({ email: 'zoe@other.example', tags: { 'declared-by': 'foreign-org' } });
    expect(await plan('-f', 'foreign.yaml', '--prune')).toMatchObject({ changes: [], kept: [], foreign: [] });
    file('thief.yaml', 'declaration: thief\ntenants:\n  foreign:\n    users:\n      zoe: { email: zoe@thief.example }\n');
    expect(await wami('apply', '-f', 'thief.yaml', '--yes')).toMatchObject({ code: 7, out: expect.stringContaining('belongs to the declaration foreign-org') as string });
  });

  it('prunes a whole tenant from the inside out, and stops before one that holds what is not its own', async () => {
    file('short.yaml', 'declaration: short-org\ntenants:\n  short:\n    users: { una: }\n    groups: { crew: { members: [una] } }\n  short/sub:\n    users: { ugo: }\n');
    await ok('apply', '-f', 'short.yaml', '--yes');
    await ok('-t', 'short', 'user', 'create', 'guest');
    file('none.yaml', 'declaration: short-org\ntenants: {}\n');
    const blocked = await wami('apply', '-f', 'none.yaml', '--prune', '--yes');
    expect(blocked).toMatchObject({ code: 6, err: expect.stringMatching(/✗ tenant\/short: TenantNotEmpty: [^]*1 of 5 not done/) as string });
    await ok('-t', 'short', 'user', 'delete', 'guest');
    expect((await ok('apply', '-f', 'none.yaml', '--prune', '--yes')).err).toContain('all 1 done');
    expect((await ok('tenant', 'list', '-o', 'name')).out).not.toContain('short');
  });

  it('an erased user whom the file still names is a new one, which nothing connects with the old, and whoever erases is told', async () => {
    const people = own('erased', 'users:\n  eve: { email: eve@acme.example, displayName: Eve }\n  sam:\ngroups:\n  crew: { members: [eve, sam] }');
    await ok('apply', '-f', people, '--yes');
    const idOf = async (name: string): Promise<string> => (await json<{ id: string }>('-t', 'erased', 'user', 'get', name)).id;
    const [eve, sam] = [await idOf('eve'), await idOf('sam')];
    const told = 'It stands in the declaration erased-org: take it out of its file, or the next apply makes a new user of this name.\n';
    expect(await wami('user', 'erase', eve, '--yes')).toMatchObject({ code: 0, err: `${told}Erased user/${eve}.\n` });
    expect(await wami('user', 'erase', eve, '--yes')).toMatchObject({ code: 0, err: `Erased user/${eve}.\n` });
    const again = await wami('diff', '-f', people);
    expect(again).toMatchObject({ code: 0, err: 'erased-org: 1 to create, 1 to join or attach.\n', out: expect.stringMatching(/^\+ user\/eve \(erased\)\n[^]*\+ user\/eve \(erased\) joins group\/crew \(erased\)\n/) as string });
    // A name that nobody has any more stands for nothing.
    const elsewhere = own('elsewhere', 'groups:\n  crew: { members: [{ name: eve, tenant: erased }] }');
    expect(await wami('apply', '-f', elsewhere, '--yes')).toMatchObject({ code: 64, err: expect.stringContaining('eve') as string });
    await ok('apply', '-f', people, '--yes');
    expect([(await idOf('eve')) === eve, await idOf('sam')]).toEqual([false, sam]);
    expect((await ok('user', 'history', eve)).out).not.toContain('Eve');
    file('erased.yaml', 'declaration: erased-org\ntenants:\n  erased:\n    users: { sam: }\n    groups: { crew: { members: [sam] } }\n');
    expect((await plan('-f', 'erased.yaml', '--prune')).summary).toMatchObject({ delete: 1 });
  });

  it('reads several files, a folder and stdin as one declaration', async () => {
    file('parts/a.yaml', 'declaration: parts\ntenants:\n  parts:\n    users: { ina: }\n');
    file('parts/b.yml', 'declaration: parts\ntenants:\n  parts: { name: Parts, groups: { crew: { members: [ina] } } }\n---\ndeclaration: parts\ntenants:\n  parts: { users: { ole: } }\n');
    file('parts/note.txt', 'not read');
    const all = await plan('-f', 'parts');
    expect(all.summary).toMatchObject({ create: 4, join: 1 });
    expect((await plan('-f', 'parts/a.yaml', '-f', 'parts/b.yml')).changes).toEqual(all.changes);
    const piped = await runWami(['diff', '-f', 'parts/b.yml', '-f', '-', '-o', 'json'], { cwd: folder, input: 'declaration: parts\ntenants: { parts: { users: { ina: } } }\n' });
    expect((JSON.parse(piped.out) as PlanData).summary).toEqual(all.summary);
  });

  it('whom a service account trusts without a secret is declared, changed and taken away by name, and by command', async () => {
    const [github, cluster] = ['issuer: "https://token.actions.githubusercontent.com", subject: "repo:acme/shop:ref:refs/heads/main"', 'issuer: "https://oidc.example/", subject: "system:serviceaccount:shop:bot", audiences: ["api://other"]'];
    const trusting = (federation: string): string => own('trusting', `serviceAccounts:\n  bot: { federation: ${federation} }`);
    await ok('apply', '-f', trusting(`{ github: { ${github} }, cluster: { ${cluster} } }`), '--yes');
    expect((await plan('-f', 'trusting.yaml')).changes).toEqual([]);
    const trust = async (): Promise<unknown> => (await json<{ federation?: unknown }>('-t', 'trusting', 'sa', 'get', 'bot')).federation;
    expect(await trust()).toMatchObject({ github: { subject: 'repo:acme/shop:ref:refs/heads/main' }, cluster: { audiences: ['api://other'] } });
    await ok('apply', '-f', trusting(`{ github: { ${github.replace('main', 'live')} } }`), '--yes');
    expect(await trust()).toEqual({ github: { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/shop:ref:refs/heads/live' } });
    expect((await ok('-t', 'trusting', 'export')).out).toMatch(/federation:\s+github:\s+issuer: [^\n]+\s+subject: repo:acme\/shop:ref:refs\/heads\/live/);
    expect(await wami('diff', '-f', trusting('{ github: { issuer: "http://issuer.example", subject: x } }'))).toMatchObject({ code: 64, err: expect.stringContaining('begins with https://') as string });
    await ok('-t', 'trusting', 'sa', 'update', 'bot', '--federation', 'cluster=https://oidc.example/,system:serviceaccount:shop:bot,more', '--drop-federation', 'github');
    expect(await trust()).toEqual({ cluster: { issuer: 'https://oidc.example/', subject: 'system:serviceaccount:shop:bot,more' } });
    expect(await wami('-t', 'trusting', 'sa', 'update', 'bot', '--federation', 'github')).toMatchObject({ code: 64, err: expect.stringContaining('NAME=ISSUER,SUBJECT') as string });
  });

  it('an export is a declaration of what is there: applied it changes nothing, and applied to nothing it makes the same', async () => {
    await ok('-t', 'acme', 'policy', 'create', 'shadowed', '--document', 'documents/read.json');
    await ok('-t', 'acme/eng', 'policy', 'create', 'shadowed', '--document', 'documents/read.json', '--aws', 'documents/read.json');
    const upper = (await json<{ id: string; tenant: string }[]>('-t', 'acme', 'policy', 'list', '-q', 'shadowed')).find(({ tenant }) => tenant === 'acme');
    await ok('policy', 'attach', upper?.id ?? '', 'user/carl');
    const written = (await ok('-t', 'acme', 'export')).out;
    expect(written).toMatch(/^declaration: acme\n/);
    expect(written).toContain('- name: shadowed\n            tenant: acme\n');
    expect(written).not.toContain('declared-by');
    file('export.yaml', written);
    expect(await plan('-f', 'export.yaml')).toMatchObject({ changes: [], kept: [], foreign: [] });
    await server.call('DELETE', '/v1/tenants/acme?force=true');
    await eventually(async () => !(await ok('tenant', 'list', '-o', 'name')).out.includes('acme'), { timeoutMs: 30_000, describe: 'the tenant is deleted' });
    expect((await ok('apply', '-f', 'export.yaml', '--yes')).err).toContain('done');
    expect((await ok('-t', 'acme', 'export')).out).toBe(written);
    expect(JSON.parse((await ok('-t', 'acme', 'export', '-o', 'json')).out)).toHaveProperty(['tenants', 'acme/eng', 'users', 'carl']);
    expect(await wami('-t', 'nowhere', 'export')).toMatchObject({ code: 5 });
  });

  it('holds identity providers: metadata stands in a file beside it, lists in whatever order, and thumbprints that are said no more are left to the cloud', async () => {
    file('documents/okta.xml', `<EntityDescriptor entityID="https://idp.example">${'x'.repeat(1_000)}</EntityDescriptor>`);
    const trust = (oidc: string): string => own('trust', `identityProviders:\n  github: { oidc: { url: "https://issuer.example", ${oidc} } }\n  okta: { saml: { metadata: documents/okta.xml }, tags: { team: core } }`);
    const print = 'a'.repeat(40);
    const path = trust(`clientIds: [b, a], thumbprints: ["${print}"]`);
    await ok('apply', '-f', path, '--yes');
    expect(await json('-t', 'trust', 'idp', 'get', 'okta')).toMatchObject({ saml: { metadata: readFileSync(join(folder, 'documents/okta.xml'), 'utf8') }, tags: { team: 'core', 'declared-by': 'trust-org' } });
    expect((await plan('-f', path)).changes).toEqual([]);
    trust('clientIds: [a, c]');
    expect(await plan('-f', path)).toMatchObject({ summary: { change: 1 } });
    await ok('apply', '-f', path, '--yes');
    expect(await json('-t', 'trust', 'idp', 'get', 'github')).toMatchObject({ version: 2, oidc: { url: 'https://issuer.example', clientIds: ['a', 'c'] } });
    const { out } = await ok('export', '-t', 'trust');
    expect(out).toMatch(/identityProviders:\n +github:\n +oidc:\n +url: https:\/\/issuer\.example\n +clientIds:\n/);
  });
});
