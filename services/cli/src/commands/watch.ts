import { setTimeout as sleep } from 'node:timers/promises';
import { AwayError } from '../exit-codes';

/** What a command shows, before it is printed. */
export interface View {
  /** What makes it another view: times that only pass do not. */
  readonly content: unknown;
  readonly exitCode: number;
  print(): void;
}

const PAUSE_MS = 1000;
const CLEAR = '\u001b[2J\u001b[H';

/** Looks again each second until Ctrl-C; an absent server is waited for. A terminal is redrawn, elsewhere only what changed is printed. */
export async function watch(look: () => Promise<View>): Promise<never> {
  for (let before: string | undefined, away = false; ; await sleep(PAUSE_MS)) {
    const view = await look().catch((error: unknown) => {
      if (!(error instanceof AwayError)) throw error;
      if (!away) process.stderr.write(`${error.message} Trying again.\n`);
      return undefined;
    });
    away = view === undefined;
    if (!view) continue;
    const now = JSON.stringify(view.content);
    if (process.stdout.isTTY) process.stdout.write(CLEAR);
    if (process.stdout.isTTY || now !== before) view.print();
    before = now;
  }
}
