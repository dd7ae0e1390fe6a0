import { fork } from 'node:child_process';
import type { Tally } from './run-seeds';

/** Sent by a process that has done its part. */
export interface PartDone {
  readonly tally: Tally;
}

/** Runs this program once for each part, all at a time. Rejects where one of them ends without having done its part. */
export function inParts(parts: number, args: readonly string[]): Promise<Tally[]> {
  const rest = args.flatMap((arg, i) => (arg === '--jobs' || args[i - 1] === '--jobs' ? [] : [arg]));
  return Promise.all(Array.from({ length: parts }, (_, part) => onePart([...rest, '--part', `${part}/${parts}`])));
}

function onePart(args: readonly string[]): Promise<Tally> {
  return new Promise((resolve, reject) => {
    let done: PartDone | undefined;
    const child = fork(process.argv[1] ?? '', [...args], { execArgv: process.execArgv });
    child.on('message', (message) => {
      done = message as PartDone;
    });
    child.once('error', reject);
    child.once('exit', (code) => (done ? resolve(done.tally) : reject(new Error(`the process of ${args.join(' ')} ended with ${String(code)}`))));
  });
}
