import { SYNC_ERROR_HELP, type ProviderTargetView, type SyncErrorCode } from '@wami/contracts';
import type { Summary } from '../../api/schemas';
import { healthWord, isUnwell } from '../../ui/target-health';
import { targetLink } from '../providers/target-text';

/** One thing that somebody should look at, however many resources it is about. */
export interface Need {
  readonly title: string;
  /** What makes it go. */
  readonly hint: string;
  /** The command that shows it. */
  readonly line: string;
  /** The page that shows it, where there is one. */
  readonly to?: string;
  /** Of a failure: why. */
  readonly code?: SyncErrorCode;
  readonly count: number;
}
export type Needs = readonly Need[];

interface Counted {
  readonly drift: number;
  readonly approvals: number;
  readonly targets: readonly ProviderTargetView[];
  /** So many were counted; there may be more. */
  readonly most: number;
}

const times = (count: number, one: string, many: string, most = Infinity): string => `${count}${count >= most ? ' or more' : ''} ${count === 1 ? one : many}`;

/** Targets that cannot be called, or will not be soon; then failures by their cause, most first; then what was changed elsewhere; then what waits to be allowed. */
export function needsOf({ errors }: Pick<Summary, 'errors'>, { drift, approvals, targets, most }: Counted): Needs {
  return [
    ...targets.flatMap(ofTarget),
    ...errors.map(({ code, count }): Need => ({ title: `${times(count, 'resource fails', 'resources fail')} with ${code}`, hint: SYNC_ERROR_HELP[code].remedy, line: code === 'Conflict' ? 'npx wami conflicts' : 'npx wami status', code, count, to: code === 'Conflict' ? '/drift' : `/r?code=${code}` })),
    ...(drift === 0 ? [] : [{ title: `${times(drift, 'resource was', 'resources were', most)} changed in a cloud`, hint: 'See what changed, and by whom, then sync now, or take it over.', line: 'npx wami drift', count: drift, to: '/drift' }]),
    ...(approvals === 0 ? [] : [{ title: `${times(approvals, 'removal waits', 'removals wait', most)} for approval`, hint: 'See the whole list before you let it go.', line: 'npx wami sync approvals', count: approvals }]),
  ];
}

function ofTarget(target: ProviderTargetView): readonly Need[] {
  const { provider, account, health, reason, credentials } = target;
  const [name, to] = [`${provider}/${account}`, targetLink(target)];
  const seen = { line: `npx wami provider show ${name}`, count: 1, to };
  if (isUnwell(health)) return [{ ...seen, title: `${name}: ${healthWord(health)}`, hint: reason ?? 'See what its sync service tells.' }];
  return credentials?.expiresSoon ? [{ ...seen, title: `The credentials of ${name} end soon`, hint: `Renew them before ${credentials.expiresAt?.slice(0, 10)}: nothing is synced there without.` }] : [];
}

export function sentenceOf(needs: Needs): string {
  if (needs.length === 0) return 'Nothing needs you';
  return needs.length === 1 ? '1 thing needs you' : `${needs.length} things need you`;
}
