import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cleanEnvironment, type Ran, type RunOptions } from './run-wami';

interface HostRan extends Ran {
  /** What came on both streams, in its order. */
  readonly both: string;
}
type HostOptions = Omit<RunOptions, 'input'>;

/**
 * The built command many times in one process. What a run prints and the code it ends with are as in a process of its own, without the time that one takes
 * to start; for promises that are not about the process, its streams or its signals.
 */
export class WamiHost {
  private readonly child = fork(join(__dirname, 'host-process.cjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: cleanEnvironment({}), execArgv: [] });
  private last: Promise<unknown> = Promise.resolve();

  async run(args: readonly string[], options?: HostOptions): Promise<Ran> {
    const { both: _both, ...ran } = await this.queued(args, options);
    return ran;
  }

  /** What a person sees: both streams in the order in which it came. */
  async seen(args: readonly string[], options?: HostOptions): Promise<string> {
    return (await this.queued(args, options)).both;
  }

  async close(): Promise<void> {
    if (!this.child.connected) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }

  private queued(args: readonly string[], { env = {}, cwd = process.cwd() }: HostOptions = {}): Promise<HostRan> {
    const ran = this.last.then(() => this.ask({ args, env: cleanEnvironment(env), cwd }));
    this.last = ran.catch(() => undefined);
    return ran;
  }

  private ask(request: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly cwd: string }): Promise<HostRan> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the host ended with ${code} at ${request.args.join(' ')}`));
      this.child.once('exit', ended);
      this.child.once('message', (ran) => {
        this.child.off('exit', ended);
        resolve(ran as HostRan);
      });
      this.child.send(request, (error) => error && reject(error));
    });
  }
}
