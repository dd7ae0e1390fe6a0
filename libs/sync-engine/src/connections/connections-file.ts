import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { connectionsFileSchema, type Connection, type ConnectionSource } from '@wami/provider-port';
import { StartupError, type HealthCheck, type Logger } from '@wami/platform';
import { parse } from 'yaml';

const POLL_MS = 1000;
const MAX_BYTES = 1024 * 1024;

export interface ConnectionsFile extends ConnectionSource {
  health(): HealthCheck;
  close(): void;
}

/**
 * The operator's connections file, read again when it changes. At start a bad file is refused; later a bad change keeps the last good
 * connections and turns health red until the file is good again. @throws StartupError
 */
export function openConnectionsFile(path: string, logger: Logger): ConnectionsFile {
  let connections = readConnectionsFile(path);
  let health: HealthCheck = { ok: true };
  const listeners = new Set<(connections: readonly Connection[]) => void>();
  const reread = (): void => {
    try {
      connections = readConnectionsFile(path);
      health = { ok: true };
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      health = { ok: false, reason: `${error.message} The connections read before stay in force.` };
      logger.error({ file: path }, error.message);
      return;
    }
    logger.info({ file: path, connections: connections.length }, 'connections read again');
    for (const listener of listeners) listener(connections);
  };
  watchFile(path, { interval: POLL_MS }, reread);
  return {
    current: () => connections,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    health: () => health,
    close: () => unwatchFile(path, reread),
  };
}

/** @throws StartupError with every problem of the file, by field; never a value of it. */
export function readConnectionsFile(path: string): readonly Connection[] {
  const result = connectionsFileSchema.safeParse(parseYaml(path, readText(path)));
  if (result.success) return result.data.connections;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new StartupError(`The connections file ${path} is not valid. ${problems.join('; ')}.`);
}

function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > MAX_BYTES) throw new StartupError(`The connections file ${path} is larger than 1 MiB.`);
    return text;
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new StartupError(`The connections file ${path} ${why}. Set WAMI_CONNECTIONS to a readable YAML file, or unset it for the sandbox clouds.`);
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const at = error instanceof Error && 'linePos' in error && Array.isArray(error.linePos) ? ` at line ${String((error.linePos[0] as { line: number }).line)}` : '';
    throw new StartupError(`The connections file ${path} is not YAML${at}.`);
  }
}
