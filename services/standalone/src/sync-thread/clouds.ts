import { join } from 'node:path';
import type { Target } from '@wami/contracts';
import { allowsTenant, type Connection, type ConnectionSource } from '@wami/provider-port';
import type { HealthRegistry, Logger } from '@wami/platform';
import { startSandboxAws } from '@wami/sandbox';
import { openConnectionsFile } from '@wami/sync-engine';

export interface Clouds {
  readonly connections: ConnectionSource;
  /** Addresses of the sandbox clouds by target, empty where a connections file is in force. */
  readonly sandboxes: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const SANDBOX_ACCOUNT = '000000000001';

/** The operator's clouds where a connections file is named, else sandbox clouds on this machine that are open to every tenant. */
export async function openClouds(file: string | undefined, folder: string, health: HealthRegistry, logger: Logger): Promise<Clouds> {
  if (file === undefined) return openSandboxes(folder);
  const connections = openConnectionsFile(file, process.env, logger);
  health.add('connections', () => connections.health());
  return { connections, sandboxes: {}, close: () => Promise.resolve(connections.close()) };
}

async function openSandboxes(folder: string): Promise<Clouds> {
  const aws = await startSandboxAws({ account: SANDBOX_ACCOUNT, stateFile: join(folder, 'sandbox-aws.jsonl') });
  const connection: Connection = {
    provider: 'aws', account: SANDBOX_ACCOUNT, endpoint: aws.url,
    credentials: { type: 'static', accessKeyId: 'env:WAMI_SANDBOX_ACCESS_KEY_ID', secretAccessKey: 'env:WAMI_SANDBOX_SECRET_ACCESS_KEY' },
  };
  // The sandbox knows no secret; the SDK wants to sign with one.
  process.env['WAMI_SANDBOX_ACCESS_KEY_ID'] ??= 'AKIASANDBOX000000000';
  process.env['WAMI_SANDBOX_SECRET_ACCESS_KEY'] ??= 'sandbox';
  return {
    connections: { current: () => [connection], onChange: () => () => undefined },
    sandboxes: { [`aws/${SANDBOX_ACCOUNT}`]: aws.url },
    close: () => aws.close(),
  };
}

/** The targets that a tenant may use. */
export function targetsOpenTo(connections: ConnectionSource, tenant: string): Target[] {
  return connections.current().filter((connection) => allowsTenant(connection, tenant)).map(({ provider, account }) => ({ provider, account }));
}
