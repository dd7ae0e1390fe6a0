import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { assertReachable, serverAccount } from './account';
import { locateBinaries } from './binaries';
import { SUPERUSER, ensureDataDirectory, readPassword } from './data-directory';
import { ensureDatabase } from './database';
import { EmbeddedPostgresError } from './errors';
import { stopLeftOver } from './left-over';
import { tryPidLock, type PidLock } from './pid-lock';
import { removeSockets, socketDirectory } from './socket-directory';
import { startServer, stopServer, type Server, type StopMode } from './server';

const HOST = '127.0.0.1';

export interface EmbeddedPostgresOptions {
  /** Created when absent; `<dataDir>.password` and `<dataDir>.lock` lie beside it. */
  readonly dataDir: string;
  /** Created when absent. Default `wami`. */
  readonly database?: string;
  /** A port of 127.0.0.1; by default a free one. */
  readonly port?: number;
  /** Server settings, as with `postgres -c name=value`; visible in the process list, so never a secret. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Takes each line of the server's log. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://user:password@127.0.0.1:port/database`. Contains the password: never log it. */
  readonly url: string;
  /** The same by a Unix domain socket in the data directory, which costs a fifth less than 127.0.0.1; `url` where the system has none for this path. */
  readonly localUrl: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Process id of the server. */
  readonly pid: number;
  /**
   * Resolves when the server is gone and its directory is free; harmless when repeated. `fast` (the default) ends the sessions
   * in order, `immediate` and `killed` imitate a crash: the next start recovers.
   */
  stop(mode?: StopMode): Promise<void>;
}

const NO_PLACE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

function asUnusable(directory: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !NO_PLACE.has(code)) return error;
  return new EmbeddedPostgresError('directory-unusable', `cannot write in ${directory} (${code}): give it to this user, or choose a data directory elsewhere`);
}

/** The directory's one true path, with its parents in place, and locked for this process. */
function claim(dataDir: string): { dataDir: string; lock: PidLock } {
  const wanted = resolve(dataDir);
  try {
    mkdirSync(dirname(wanted), { recursive: true });
    const path = join(realpathSync(dirname(wanted)), basename(wanted));
    return { dataDir: path, lock: lockDirectory(path) };
  } catch (error) {
    throw asUnusable(dirname(wanted), error);
  }
}

function lockDirectory(dataDir: string): PidLock {
  const result = tryPidLock(`${dataDir}.lock`);
  if ('lock' in result) return result.lock;
  const holder = result.heldBy === process.pid ? 'this process' : `process ${result.heldBy}`;
  throw new EmbeddedPostgresError('directory-in-use', `${dataDir} is in use by ${holder}: stop it first, or choose another data directory`);
}

async function startLocked(dataDir: string, options: EmbeddedPostgresOptions): Promise<{ server: Server; password: string }> {
  const { settings = {}, log = () => undefined, port } = options;
  const account = serverAccount(dataDir);
  assertReachable(dirname(dataDir), account);
  const binaries = locateBinaries(account);
  ensureDataDirectory(dataDir, binaries, account, settings['fsync'] !== 'off');
  const password = readPassword(dataDir);
  await stopLeftOver(dataDir, log);
  removeSockets(dataDir);
  return { server: await startServer({ dataDir, sockets: socketDirectory(dataDir), binaries, account, settings, port, log }), password };
}

/**
 * Starts the PostgreSQL out of the npm packages on `dataDir` and resolves when the database accepts connections. The server
 * listens on 127.0.0.1 and in its own directory only, asks for a password, and ends with this process however it ends. One process at a time may use a
 * data directory. What a user can remedy is an EmbeddedPostgresError whose message fits one line; no failure leaves anything running.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, lock } = claim(options.dataDir);
  const database = options.database ?? 'wami';
  let server: Server | undefined;
  try {
    const started = await startLocked(dataDir, options);
    server = started.server;
    const { port, process: tied } = server;
    await ensureDatabase({ host: HOST, port, password: started.password }, database);
    const at = (address: string, query = ''): string => `postgres://${SUPERUSER}:${started.password}@${address}/${encodeURIComponent(database)}${query}`;
    const sockets = socketDirectory(dataDir);
    const url = at(`${HOST}:${port}`);
    return {
      url,
      localUrl: sockets === undefined ? url : at('', `?host=${encodeURIComponent(sockets)}&port=${port}`),
      host: HOST,
      port,
      user: SUPERUSER,
      password: started.password,
      database,
      pid: tied.pid,
      stop: stopOnce(server, lock),
    };
  } catch (error) {
    if (server) await stopServer(server.process, 'fast');
    lock.release();
    throw error;
  }
}

function stopOnce(server: Server, lock: PidLock): EmbeddedPostgres['stop'] {
  let stopping: Promise<void> | undefined;
  return (mode = 'fast') => {
    stopping ??= stopServer(server.process, mode).then(() => lock.release());
    return stopping;
  };
}
