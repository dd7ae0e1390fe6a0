import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Change } from './iam-state';
import { queryClient } from './query-client';
import { startSandboxAws } from './start-sandbox-aws';
import type { SandboxAws, SandboxAwsOptions } from './start-sandbox-aws';

let directory: string;
let stateFile: string;
const open: SandboxAws[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-aws-'));
  stateFile = join(directory, 'state', 'aws.jsonl');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
  rmSync(directory, { recursive: true });
});

async function start(options: SandboxAwsOptions = {}): Promise<SandboxAws> {
  const sandbox = await startSandboxAws({ stateFile, ...options });
  open.push(sandbox);
  return sandbox;
}
const stop = (sandbox: SandboxAws): Promise<void> => open.splice(open.indexOf(sandbox), 1)[0]?.close() ?? Promise.resolve();

const DOCUMENT = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
const TRUST = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } });

async function fill(sandbox: SandboxAws): Promise<void> {
  const iam = queryClient(sandbox.url);
  await iam('CreateUser', { UserName: 'ann', Path: '/p/', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' });
  await iam('CreateUser', { UserName: 'gone' });
  await iam('CreateGroup', { GroupName: 'g' });
  await iam('AddUserToGroup', { GroupName: 'g', UserName: 'ann' });
  await iam('CreateAccessKey', { UserName: 'ann' });
  await iam('UpdateUser', { UserName: 'ann', NewUserName: 'anna' });
  await iam('DeleteUser', { UserName: 'gone' });
  await iam('CreatePolicy', { PolicyName: 'p', PolicyDocument: DOCUMENT });
  await iam('CreatePolicyVersion', { PolicyArn: 'arn:aws:iam::000000000001:policy/p', PolicyDocument: DOCUMENT, SetAsDefault: 'true' });
  await iam('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST });
  await iam('AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:aws:iam::000000000001:policy/p' });
}

describe('the state file', () => {
  it('brings everything back after a restart, and after the next', async () => {
    const first = await start();
    await fill(first);
    const before = first.snapshot();
    expect(before.users).toEqual([expect.objectContaining({ userName: 'anna', groups: ['g'], tags: { k: 'v' }, accessKeys: [expect.any(String)] })]);
    expect(before.groups).toEqual([expect.objectContaining({ members: ['anna'] })]);
    expect(before.policies).toEqual([expect.objectContaining({ versions: ['v1', 'v2'], defaultVersion: 'v2' })]);
    expect(before.roles).toEqual([expect.objectContaining({ roleName: 'r', policies: ['p'] })]);
    await stop(first);
    const second = await start();
    expect(second.snapshot()).toEqual(before);
    await queryClient(second.url)('CreateUser', { UserName: 'bob' });
    await stop(second);
    expect((await start()).snapshot().users.map((user) => user.userName)).toEqual(['anna', 'bob']);
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });

  it('is shortened at the start', async () => {
    const first = await start();
    const iam = queryClient(first.url);
    await fill(first);
    for (let index = 0; index < 20; index += 1) await iam('TagUser', { UserName: 'anna', 'Tags.member.1.Key': 'n', 'Tags.member.1.Value': index });
    const lines = (): number => readFileSync(stateFile, 'utf8').split('\n').length;
    const grown = lines();
    const before = first.snapshot();
    await stop(first);
    expect((await start()).snapshot()).toEqual(before);
    expect([grown, lines()]).toEqual([33, 8]);
  });

  it('holds five thousand users, and no more fit in', async () => {
    await stop(await start());
    const user = (index: number): Change => ({
      type: 'user-put',
      user: { id: `AIDA${index}`, name: `u${index}`, path: '/', createdAt: '2030-01-01T00:00:00Z', tags: [], accessKeys: [] },
    });
    appendFileSync(stateFile, `${JSON.stringify(Array.from({ length: 4_999 }, (_none, index) => user(index)))}\n`);
    const iam = queryClient((await start()).url);
    expect((await iam('CreateUser', { UserName: 'last' })).status).toBe(200);
    expect(await iam('CreateUser', { UserName: 'one-more' })).toMatchObject({ status: 409, code: 'LimitExceeded' });
    expect((await iam('GetAccountAuthorizationDetails', { MaxItems: 1_000 })).texts('UserName')).toHaveLength(1_000);
  });

  it('keeps no secret', async () => {
    const sandbox = await start();
    const iam = queryClient(sandbox.url);
    await iam('CreateUser', { UserName: 'ann' });
    const [secret = ''] = (await iam('CreateAccessKey', { UserName: 'ann' })).texts('SecretAccessKey');
    await iam('CreateLoginProfile', { UserName: 'ann', Password: 'pass-word-1' });
    const [seed = ''] = (await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })).texts('Base32StringSeed');
    expect(secret).toHaveLength(40);
    expect(readFileSync(stateFile, 'utf8')).not.toMatch(new RegExp(`pass-word-1|${Buffer.from(seed, 'base64').toString()}|${seed.replace(/[+/]/g, '\\$&')}|${secret.replace(/[+/]/g, '\\$&')}`));
  });

  it.each([1, 10, 60])('with its last %i bytes torn off loses the last change only', async (bytes) => {
    const first = await start();
    await fill(first);
    const before = first.snapshot();
    await queryClient(first.url)('CreateUser', { UserName: 'torn' });
    await stop(first);
    truncateSync(stateFile, statSync(stateFile).size - bytes);
    const second = await start();
    expect(second.snapshot()).toEqual(before);
    await queryClient(second.url)('CreateUser', { UserName: 'next' });
    await stop(second);
    expect((await start()).snapshot().users.map((user) => user.userName)).toEqual(['anna', 'next']);
  });

  it('is refused when it is damaged, foreign or of another account', async () => {
    await stop(await start());
    await expect(startSandboxAws({ stateFile, account: '123456789012' })).rejects.toThrow('keeps another account than 123456789012');
    appendFileSync(stateFile, 'not json\n');
    await expect(startSandboxAws({ stateFile })).rejects.toThrow(`${stateFile} is damaged at line 2`);
    writeFileSync(stateFile, '{"name":"package"}\n');
    await expect(startSandboxAws({ stateFile })).rejects.toThrow('is not the state of the AWS sandbox');
    await expect(startSandboxAws({ account: '1' })).rejects.toThrow('twelve digits');
  });

  it('is let go when the port is taken', async () => {
    const first = await start();
    await expect(startSandboxAws({ port: first.port })).rejects.toThrow(`cannot listen on 127.0.0.1:${first.port}`);
  });
});

describe('a killed sandbox process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  async function spawnSandbox(): Promise<{ readonly url: string; kill(): Promise<unknown> }> {
    const code = `require(${JSON.stringify(join(__dirname, 'start-sandbox-aws.ts'))})`
      + `.startSandboxAws({ stateFile: ${JSON.stringify(stateFile)} }).then((sandbox) => console.log(sandbox.url))`;
    const hook = join(__dirname, '../../../../tools/swc-hook.cjs');
    const child = spawn(process.execPath, ['-r', hook, '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [url] = (await once(createInterface(child.stdout), 'line', { signal: AbortSignal.timeout(20_000) })) as [string];
    return { url, kill: () => { child.kill('SIGKILL'); return once(child, 'exit'); } };
  }

  it('has lost nothing that it acknowledged, and nothing is half there', async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const child = await spawnSandbox();
      const iam = queryClient(child.url);
      let killed: Promise<unknown> | undefined;
      const writer = async (lane: number): Promise<void> => {
        for (let index = 0; index < 500; index += 1) {
          const UserName = `u-${round}-${lane}-${index}`;
          const answer = await iam('CreateUser', { UserName, 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }).catch(() => undefined);
          if (answer?.status !== 200) return;
          acknowledged.add(UserName);
          if (acknowledged.size > (round + 1) * 100) killed ??= child.kill();
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_none, lane) => writer(lane)));
      await killed;
    }
    const users = (await start()).snapshot().users;
    const missing = [...acknowledged].filter((name) => !users.some((user) => user.userName === name));
    expect(acknowledged.size).toBeGreaterThan(300);
    expect(missing).toEqual([]);
    expect(users.every((user) => user.tags['k'] === 'v')).toBe(true);
    expect(users.length - acknowledged.size).toBeLessThanOrEqual(3 * 8);
  });
});
