import type { ProviderTargetView } from '@wami/contracts';

/** So many hours, and what that is called; without one it ends when somebody resumes. */
export const PAUSE_FOR: readonly (readonly [hours: string, text: string])[] = [['1', 'in an hour'], ['8', 'in 8 hours'], ['24', 'in a day'], ['168', 'in a week']];

export interface AskedPause {
  readonly target: Pick<ProviderTargetView, 'provider' | 'account'>;
  readonly reason: string;
  readonly hours: string;
}

const HOUR_MS = 3_600_000;

export function pauseBody({ target: { provider, account }, reason, hours }: AskedPause, now: number): object {
  return { provider, account, reason, ...(hours === '' ? {} : { until: new Date(now + Number(hours) * HOUR_MS).toISOString() }) };
}

/** The same as a command; what is typed in quotes of the shell that nothing ends. */
export function pauseLine({ target: { provider, account }, reason, hours }: AskedPause): string {
  const quoted = `'${(reason === '' ? 'why' : reason).replaceAll("'", String.raw`'\''`)}'`;
  return `npx wami sync pause --provider ${provider} --account ${account} --reason ${quoted}${hours === '' ? '' : ` --until ${hours}h`} --yes`;
}
