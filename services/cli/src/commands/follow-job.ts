import { setTimeout as pause } from 'node:timers/promises';
import { AwayError, CliError, EXIT } from '../exit-codes';

const LOOK_AGAIN_MS = 300;

export interface Followed<T> {
  readonly job: string;
  /** Undefined while it is not told of. */
  readonly look: () => Promise<T | undefined>;
  /** How far it is, in a line. */
  readonly told: (found: T) => string;
  readonly isOver: (found: T) => boolean;
  readonly timeoutMs: number;
  /** The command that tells of it later. */
  readonly see: string;
}

/** The job once it is over; tells on stderr how far it is. Whoever is away meanwhile is waited for. @throws CliError when the time is over; the job goes on */
export async function untilOver<T>({ job, look, told, isOver, timeoutMs, see }: Followed<T>): Promise<T> {
  let last = '';
  for (const deadline = Date.now() + timeoutMs; ; await pause(LOOK_AGAIN_MS)) {
    const found = await lookAt(look);
    const line = found === undefined ? last : told(found);
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
    if (found !== undefined && isOver(found)) return found;
    if (Date.now() >= deadline) throw new CliError(EXIT.waitRanOut, `${job} goes on: ${last}.`, `It goes on without you; see \`${see}\`.`);
  }
}

async function lookAt<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AwayError)) throw error;
    process.stderr.write(`${error.message} Trying again.\n`);
    return undefined;
  }
}

/** `  40 %`, in tenths, so that a log of it stays short; all of nothing is all. */
export const tenths = (done: number, total: number): string => `${total === 0 ? 100 : Math.floor((done / total) * 10) * 10} %`;
