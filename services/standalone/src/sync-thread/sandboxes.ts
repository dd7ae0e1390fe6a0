import { join } from 'node:path';
import type { Connection } from '@wami/provider-port';
import { accountKeptIn, DEFAULT_ACCOUNT, DEFAULT_DIRECTORY, DEFAULT_PROJECT, DEFAULT_SUBSCRIPTION, DEFAULT_TENANT, startSandboxAws, startSandboxAzure, startSandboxGcp } from '@wami/sandbox';
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
  readonly scope?: string;
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
  azure: { account: 'sandbox-tenant', scope: DEFAULT_SUBSCRIPTION, credentials: bearer, start: (stateFile) => startSandboxAzure({ stateFile }) },
};

const FORMER = { project: 'wami-sandbox', domain: 'wami.onmicrosoft.com', subscription: '00000000-0000-4000-8000-000000000002' } as const;
/** Of the releases before, by the account that their state files keep. */
const FORMER_SANDBOXES: Readonly<Record<string, SandboxOf>> = {
  [FORMER.project]: { ...SANDBOXES.gcp, account: FORMER.project, start: (stateFile) => startSandboxGcp({ stateFile, project: FORMER.project }) },
  [`${DEFAULT_TENANT}:${FORMER.subscription}`]: {
    account: `${FORMER.domain}:${FORMER.subscription}`, credentials: bearer, start: (stateFile) => startSandboxAzure({ stateFile, domains: [FORMER.domain], subscription: FORMER.subscription }),
  },
};

export interface Sandboxes {
  readonly connections: readonly (Connection & { readonly endpoint: string })[];
  close(): Promise<void>;
}

/** Sandbox clouds that keep what they hold in the folder, each with a connection that is open to every tenant. One that is kept there under a name of before keeps that name: what was synced is recorded under it. */
export async function openSandboxes(clouds: readonly SandboxCloud[], folder: string): Promise<Sandboxes> {
  for (const [name, value] of Object.entries(ANY_CREDENTIALS)) process.env[name] ??= value;
  const closing = new Closing();
  const connections = await closing.onFailure(() => Promise.all(clouds.map(async (provider) => {
    const stateFile = join(folder, `sandbox-${provider}.jsonl`);
    const { start, ...connection } = FORMER_SANDBOXES[accountKeptIn(stateFile) ?? ''] ?? SANDBOXES[provider];
    const { url, close } = await start(stateFile);
    closing.before(close);
    return { provider, endpoint: url, ...connection };
  })));
  return { connections, close: () => closing.run() };
}
