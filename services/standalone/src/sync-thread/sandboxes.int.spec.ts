import { join } from 'node:path';
import { connectionSchema } from '@wami/provider-port';
import { startSandboxAzure, startSandboxGcp } from '@wami/sandbox';
import { createAzureAdapter } from '@wami/sync-azure';
import { removeDirectory, temporaryDirectory } from '@wami/testing';
import { openSandboxes, type Sandboxes } from './sandboxes';

const CLOUDS = ['aws', 'gcp', 'azure'] as const;
const FORMER = ['gcp/wami-sandbox', 'azure/wami.onmicrosoft.com:00000000-0000-4000-8000-000000000002'];

describe('the sandbox clouds of a data directory', () => {
  let folder: string;
  beforeEach(() => { folder = temporaryDirectory('sandboxes'); });
  afterEach(() => removeDirectory(folder));

  const opened = async (look: (sandboxes: Sandboxes) => Promise<void> = () => Promise.resolve()): Promise<string[]> => {
    const sandboxes = await openSandboxes(CLOUDS, folder);
    try {
      await look(sandboxes);
      return sandboxes.connections.map(({ provider, account }) => `${provider}/${account}`);
    } finally {
      await sandboxes.close();
    }
  };
  const ours = (sandboxes: Sandboxes) => sandboxes.connections.find(({ provider }) => provider === 'azure') as Sandboxes['connections'][number];
  const takenFor = async (sandboxes: Sandboxes): Promise<unknown> =>
    createAzureAdapter().connect(ours(sandboxes)).validateCredentials({ signal: AbortSignal.timeout(20_000) });

  it('have the names that other programs rely on, at every start, by connections that a file may hold too', async () => {
    const look = async (sandboxes: Sandboxes): Promise<void> => {
      for (const connection of sandboxes.connections) expect(connectionSchema.safeParse(connection).error).toBeUndefined();
      expect(await takenFor(sandboxes)).toMatchObject({ account: 'sandbox-tenant' });
    };
    for (let start = 1; start <= 2; start += 1) expect(await opened(look)).toEqual(['aws/000000000001', 'gcp/sandbox-project', 'azure/sandbox-tenant']);
  });

  it('go on under the names of before where the directory keeps them, each by itself', async () => {
    const gcp = await startSandboxGcp({ stateFile: join(folder, 'sandbox-gcp.jsonl'), project: 'wami-sandbox' });
    await gcp.close();
    expect(await opened()).toEqual(['aws/000000000001', FORMER[0], 'azure/sandbox-tenant']);
  });

  it('of before know their domain, and are taken for what they were', async () => {
    const former = await startSandboxAzure({ stateFile: join(folder, 'sandbox-azure.jsonl'), domains: ['wami.onmicrosoft.com'], subscription: '00000000-0000-4000-8000-000000000002' });
    await former.close();
    const look = async (sandboxes: Sandboxes): Promise<void> => expect(await takenFor(sandboxes)).toMatchObject({ account: 'wami.onmicrosoft.com:00000000-0000-4000-8000-000000000002' });
    for (let start = 1; start <= 2; start += 1) expect(await opened(look)).toEqual(['aws/000000000001', 'gcp/sandbox-project', FORMER[1]]);
  });
});
