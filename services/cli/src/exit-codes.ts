/** One table for every command. */
export const EXIT = {
  done: 0, failed: 1, differences: 2, notAllSynced: 3, refused: 4, notFound: 5, conflict: 6, guarded: 7, waitRanOut: 8, usage: 64, interrupted: 130,
} as const;

export const EXIT_IN_WORDS = '0 done, 1 failed, 2 denied or differences (only with --exit-code), 3 settled but not all Synced, 4 not signed in or refused, 5 not found,\n'
  + '6 conflict or stale version, 7 refused by a guard or without approval, 8 wait ran out, 64 usage, 130 interrupted.';

/** Ends a command with an exit code and what to say on stderr. */
export class CliError extends Error {
  constructor(readonly exitCode: number, message: string, readonly hint?: string) {
    super(message);
  }
}

/** WAMI is away or cannot answer now: what watches goes on later, everything else fails. */
export class AwayError extends CliError {}
