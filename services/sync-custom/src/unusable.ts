import { StartupError } from '@wami/platform';

/** One sentence for the operator. `why` ends with what to do. */
export function unusable(name: string, why: string): StartupError {
  return new StartupError(`WAMI_ADAPTER: ${name} ${why}.`);
}

/** The first line of what was thrown: the others say which files asked. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join('').replace(/\.$/, '');
}
