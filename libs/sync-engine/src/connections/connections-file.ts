import { readFileSync } from 'node:fs';
import { connectionsFileSchema, type Connection, type ConnectionSource } from '@wami/provider-port';
import { StartupError, type HealthCheck, type Logger } from '@wami/platform';
import { parse } from 'yaml';
import { systemSeams } from '../system-seams';
import { missingSecrets, type Environment } from './secret-references';

const POLL_MS = 1000;
const MAX_BYTES = 1024 * 1024;

export interface ConnectionsFile extends ConnectionSource {
  health(): HealthCheck;
  close(): void;
}

/**
 * The operator's connections file, read again when it changes. At start a bad file is refused; later a bad change keeps the last good
 * connections and turns health red until the file is good again. `env` answers `env:` references. @throws StartupError
 */
export function openConnectionsFile(path: string, env: Environment, logger: Logger): ConnectionsFile {
  let read = contentOf(path);
  let connections = readConnectionsFile(path, env);
  let health: HealthCheck = { ok: true };
  const listeners = new Set<(connections: readonly Connection[]) => void>();
  const reread = (): void => {
    try {
      connections = readConnectionsFile(path, env);
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
  const closed = new AbortController();
  // By its content: a change between the first reading and the beginning of a watch would never be told.
  const watch = async (): Promise<void> => {
    for (;;) {
      await systemSeams.clock.sleep(POLL_MS, closed.signal);
      if (closed.signal.aborted) return;
      const now = contentOf(path);
      if (now === read) continue;
      read = now;
      reread();
    }
  };
  watch().catch((error: unknown) => logger.error({ file: path, error: String(error) }, 'the connections file is not watched any more'));
  return {
    current: () => connections,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    health: () => health,
    close: () => closed.abort(),
  };
}

/** Undefined where it cannot be read; why is told by whoever needs it. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Secrets that connections refer to must be there too; later they may be replaced at any time.
 * @throws StartupError with every problem of the file, by field; never a value of it.
 */
export function readConnectionsFile(path: string, env: Environment): readonly Connection[] {
  const result = connectionsFileSchema.safeParse(parseYaml(path, readText(path)));
  if (result.success) return withSecrets(path, result.data.connections, env);
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new StartupError(`The connections file ${path} is not valid. ${problems.join('; ')}.`);
}

function withSecrets(path: string, connections: readonly Connection[], env: Environment): readonly Connection[] {
  const missing = missingSecrets(connections, env);
  if (missing.length === 0) return connections;
  throw new StartupError(`The connections file ${path} refers to what is not there. ${missing.join('; ')}.`);
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
