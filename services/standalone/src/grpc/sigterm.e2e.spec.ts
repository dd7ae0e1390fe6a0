import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { GrpcClient, removeDirectory, startWamiProcess, temporaryDirectory } from '@wami/testing';

const TOKEN = 'the-administrator-of-this-test';

jest.setTimeout(120_000);

it('SIGTERM ends streams with UNAVAILABLE and when to come back, and the process exits 0', async () => {
  const dataDir = temporaryDirectory('grpc-sigterm');
  const wami = await startWamiProcess({ dataDir, env: { WAMI_ADMIN_TOKEN: TOKEN } });
  const { grpc } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { grpc: string };
  const client = new GrpcClient(grpc);
  let stopped: Promise<void> | undefined;
  try {
    const created = await client.call('wami.v1.Users/CreateUser', { user: { tenant: 'default', userName: 'ann' } }, { token: TOKEN });
    const { id } = created.message['user'] as { id: string };
    const watched = client.watch('wami.v1.Events/WatchEvents', { type: ['wami.user.created.v1'] }, { token: TOKEN });
    expect(await watched.next()).toMatchObject({ key: id });
    stopped = wami.stop();
    await expect(watched.next()).rejects.toMatchObject({ code: status.UNAVAILABLE, details: { 'google.rpc.RetryInfo': { retryDelay: { seconds: 1 } } } });
    await stopped;
  } finally {
    client.close();
    await (stopped ?? wami.stop());
    removeDirectory(dataDir);
  }
});
