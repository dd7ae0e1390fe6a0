import type { Target } from '@wami/contracts';
import { allowsTenant, type ConnectionSource } from '@wami/provider-port';
import type { HealthRegistry, Logger } from '@wami/platform';
import { openConnectionsFile } from '@wami/sync-engine';
import { openSandboxes } from './sandboxes';
import type { OpenSync } from './sides';

export interface Clouds {
  readonly connections: ConnectionSource;
  /** Addresses of the sandbox clouds by target, empty where a connections file is in force. */
  readonly sandboxes: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The operator's clouds where a connections file is named, else sandbox clouds on this machine that are open to every tenant. */
export async function openClouds({ connections: file, sandboxes, folder }: Pick<OpenSync, 'connections' | 'sandboxes' | 'folder'>, health: HealthRegistry, logger: Logger): Promise<Clouds> {
  if (file === undefined) {
    const { connections, close } = await openSandboxes(sandboxes, folder);
    const addresses = connections.map(({ provider, account, endpoint }) => [`${provider}/${account}`, endpoint]);
    return { connections: { current: () => connections, onChange: () => () => undefined }, sandboxes: Object.fromEntries(addresses), close };
  }
  const connections = openConnectionsFile(file, process.env, logger);
  health.add('connections', () => connections.health());
  return { connections, sandboxes: {}, close: () => Promise.resolve(connections.close()) };
}

/** The targets that a tenant may use. */
export function targetsOpenTo(connections: ConnectionSource, tenant: string): Target[] {
  return connections.current().filter((connection) => allowsTenant(connection, tenant)).map(({ provider, account }) => ({ provider, account }));
}
