import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '../eventually';
import type { Emulator } from './emulator';
import { startMinistack } from './ministack';
import { startMoto } from './moto';

const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00';

async function listUsers(endpoint: string): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=ListUsers&Version=2010-05-08',
    signal: AbortSignal.timeout(10_000),
  });
  return response.text();
}

const starters: [string, () => Promise<Emulator>][] = [
  ['moto', () => startMoto()],
  ['moto under granian', () => startMoto({ fast: true })],
  ['ministack', () => startMinistack()],
];

describe.each(starters)('%s', (_, start) => {
  it('answers ListUsers until it is stopped', async () => {
    const emulator = await start();
    try {
      expect(await listUsers(emulator.endpoint)).toContain('ListUsersResult');
    } finally {
      await emulator.stop();
    }
    await expect(listUsers(emulator.endpoint)).rejects.toThrow('fetch failed');
  }, 600_000);
});

it('an emulator and its workers end with a parent that is killed', async () => {
  const script = `require('@wami/testing').startMoto({ fast: true }).then((e) => console.log(e.endpoint))`;
  const hook = join(__dirname, '../../../../tools/swc-hook.cjs');
  const parent = spawn(process.execPath, ['-C', '@wami/source', '-r', hook, '-e', `${script}; setInterval(() => {}, 1000)`], {
    cwd: __dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const endpoint = await new Promise<string>((resolve, reject) => {
      parent.stdout.once('data', (line) => resolve(String(line).trim()));
      parent.once('exit', (code) => reject(new Error(`the parent ended with ${code}`)));
    });
    expect(await listUsers(endpoint)).toContain('ListUsersResult');
    parent.kill('SIGKILL');
    await eventually(() => expect(listUsers(endpoint)).rejects.toThrow('fetch failed'));
  } finally {
    parent.kill('SIGKILL');
  }
}, 600_000);
