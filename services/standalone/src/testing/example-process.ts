import { join } from 'node:path';
import { spawnTied, type ProcessExit, type TiedProcess } from '@wami/embedded-postgres';

const EXAMPLES = join(__dirname, '../../../../examples');

/** A program of `examples/`, run as its README says; it cannot outlive the test. */
export class ExampleProcess {
  private readonly tied: TiedProcess;
  private said = '';
  err = '';

  constructor(program: string, cwd: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.tied = spawnTied({
      command: process.execPath, args: [join(EXAMPLES, program), ...args], cwd, onParentDeath: 'kill', env: { PATH: process.env['PATH'], ...env },
    });
    this.tied.child.stdout?.setEncoding('utf8').on('data', (part: string) => (this.said += part));
    this.tied.child.stderr?.setEncoding('utf8').on('data', (part: string) => (this.err = (this.err + part).slice(-10_000)));
  }

  /** The whole lines it has printed. */
  get lines(): readonly string[] {
    return this.said.slice(0, this.said.lastIndexOf('\n') + 1).split('\n').filter(Boolean);
  }

  get hasExited(): boolean {
    return this.tied.hasExited();
  }

  get exited(): Promise<ProcessExit> {
    return this.tied.exited;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<ProcessExit> {
    if (!this.hasExited) process.kill(this.tied.pid, signal);
    return this.tied.exited;
  }
}

/** The events among lines of JSON. */
export const eventsIn = (lines: readonly string[]): readonly { readonly id: string; readonly type: string }[] =>
  lines.map((line) => JSON.parse(line) as { id: string; type: string });
