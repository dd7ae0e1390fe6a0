import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { DEFAULT_ACCOUNT, DEFAULT_DIRECTORY, DEFAULT_DOMAIN, DEFAULT_PROJECT, DEFAULT_SUBSCRIPTION, startSandboxAws, startSandboxAzure, startSandboxGcp } from '@wami/sandbox';
import { Closing } from '@wami/service-runtime';
import type { SandboxCloud } from './sandbox-clouds';

interface Started {
  readonly url: string;
  close(): Promise<void>;
}
interface SandboxOf {
  readonly account: string;
  readonly credentials: Connection['credentials'];
  readonly directory?: Connection['directory'];
  start(stateFile: string): Promise<Started>;
}

const bearer = { type: 'bearer', token: 'env:WAMI_SANDBOX_TOKEN' } as const;
/** The sandboxes take any credentials; the SDKs want some. */
const ANY_CREDENTIALS = { WAMI_SANDBOX_ACCESS_KEY_ID: 'AKIASANDBOX000000000', WAMI_SANDBOX_SECRET_ACCESS_KEY: 'sandbox', WAMI_SANDBOX_TOKEN: 'sandbox' };

const SANDBOXES: Readonly<Record<SandboxCloud, SandboxOf>> = {
  aws: {
    account: DEFAULT_ACCOUNT, credentials: { type: 'static', accessKeyId: 'env:WAMI_SANDBOX_ACCESS_KEY_ID', secretAccessKey: 'env:WAMI_SANDBOX_SECRET_ACCESS_KEY' },
    start: (stateFile) => startSandboxAws({ stateFile }),
  },
  gcp: { account: DEFAULT_PROJECT, credentials: bearer, directory: DEFAULT_DIRECTORY, start: (stateFile) => startSandboxGcp({ stateFile }) },
  azure: { account: `${DEFAULT_DOMAIN}:${DEFAULT_SUBSCRIPTION}`, credentials: bearer, start: (stateFile) => startSandboxAzure({ stateFile }) },
};

export interface Sandboxes {
  readonly connections: readonly (Connection & { readonly endpoint: string })[];
  close(): Promise<void>;
}

/** Sandbox clouds that keep what they hold in the folder, each with a connection that is open to every tenant. */
export async function openSandboxes(clouds: readonly SandboxCloud[], folder: string): Promise<Sandboxes> {
  for (const [name, value] of Object.entries(ANY_CREDENTIALS)) process.env[name] ??= value;
  const closing = new Closing();
  const connections = await closing.onFailure(() => Promise.all(clouds.map(async (provider) => {
    const { start, ...connection } = SANDBOXES[provider];
    const { url, close } = await start(join(folder, `sandbox-${provider}.jsonl`));
    closing.before(close);
    return { provider, endpoint: url, ...connection };
  })));
  return { connections, close: () => closing.run() };
}
