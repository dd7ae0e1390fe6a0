import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cleanEnvironment, type Ran, type RunOptions } from './run-wami';

/**
 * The built command many times in one process. What a run prints and the code it ends with are as in a process of its own, without the time that one takes
 * to start; for promises that are not about the process, its streams or its signals.
 */
export class WamiHost {
  private readonly child = fork(join(__dirname, 'host-process.cjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: cleanEnvironment({}), execArgv: [] });
  private last: Promise<unknown> = Promise.resolve();

  run(args: readonly string[], { env = {}, cwd = process.cwd() }: Omit<RunOptions, 'input'> = {}): Promise<Ran> {
    const ran = this.last.then(() => this.ask({ args, env: cleanEnvironment(env), cwd }));
    this.last = ran.catch(() => undefined);
    return ran;
  }

  async close(): Promise<void> {
    if (!this.child.connected) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }

  private ask(request: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly cwd: string }): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the host ended with ${code} at ${request.args.join(' ')}`));
      this.child.once('exit', ended);
      this.child.once('message', (ran) => {
        this.child.off('exit', ended);
        resolve(ran as Ran);
      });
      this.child.send(request, (error) => error && reject(error));
    });
  }
}
