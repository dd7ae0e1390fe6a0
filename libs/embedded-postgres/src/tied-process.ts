import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** `interrupt`: SIGINT to the process, SIGQUIT when it is still there a minute later. `kill`: SIGKILL to its process group. */
export type OnParentDeath = 'interrupt' | 'kill';

export interface TiedProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly onParentDeath: OnParentDeath;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Where standard output and error go: a file descriptor, or a pipe to read (the default). */
  readonly output?: number | 'pipe';
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TiedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ProcessExit>;
  readonly hasExited: () => boolean;
}

// `-s` because dash misreads the form `-KILL --`.
const DEATH: Record<OnParentDeath, string> = {
  interrupt: 'n=0; while [ $n -lt 300 ] && kill -s INT $P; do n=$((n+1)); sleep 0.2; done; kill -s QUIT $P',
  kill: 'kill -s KILL -- -$P',
};

// The watcher is forked before the exec, so there is no moment at which the process runs unwatched, and it is an orphan of its
// own, so the process does not get a child that it does not know. It reads descriptor 3, whose other end only this process has:
// the end of file is our death, a line says that the process is gone already (its id may belong to somebody else by now).
const script = (onParentDeath: OnParentDeath): string =>
  `P=$$; ( ( trap "" INT TERM HUP QUIT; exec >/dev/null 2>&1; read -r _ <&3 || { ${DEATH[onParentDeath]}; } ) & ); exec "$@" 3<&-`;

function unrefAll(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
}

function tellWatcherToLeave(child: ChildProcess): void {
  const watch = child.stdio[3];
  if (!(watch instanceof Socket)) return;
  watch.once('error', () => watch.destroy()); // the watcher may have been killed: then there is nobody to tell
  watch.end('gone\n');
}

/**
 * Starts a process that cannot outlive this one, however this one ends (SIGKILL included). It leads its own process group, so
 * a Ctrl-C in the terminal reaches only us, and it does not keep our event loop alive.
 */
export function spawnTied(options: TiedProcessOptions): TiedProcess {
  const output = options.output ?? 'pipe';
  const child = spawn('/bin/sh', ['-c', script(options.onParentDeath), 'sh', options.command, ...options.args], {
    cwd: options.cwd ?? '/',
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  });
  if (child.pid === undefined) throw new Error(`cannot start ${options.command}: /bin/sh did not start`);
  let gone = false;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      gone = true;
      tellWatcherToLeave(child);
      resolve({ code, signal });
    });
  });
  unrefAll(child);
  return { child, pid: child.pid, exited, hasExited: () => gone };
}

/** Waits for the end of the process for at most `timeoutMs` and tells whether it came. */
export async function waitForExit(tied: TiedProcess, timeoutMs: number): Promise<boolean> {
  if (tied.hasExited()) return true;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([tied.exited.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
