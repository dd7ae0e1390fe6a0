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
  /** Removals that are held. */
  readonly held: number;
  readonly targets: readonly ProviderTargetView[];
  /** Events that could not be taken in, and those behind them; nobody is told but the operator of the installation. */
  readonly parked: number;
  /** So many were counted; there may be more. */
  readonly most: number;
  /** Only of this one and those below it. */
  readonly tenant?: string | undefined;
}

/** An address of the console, within the tenant that is looked at. */
export const within = (tenant: string | undefined, to: string): string => (tenant === undefined ? to : `${to}${to.includes('?') ? '&' : '?'}tenant=${encodeURIComponent(tenant)}`);

/** A command, within the tenant that is looked at. */
export const wami = (tenant: string | undefined, rest: string): string => `npx wami ${tenant === undefined ? '' : `-t ${tenant} `}${rest}`;

const times = (count: number, one: string, many: string, most = Infinity): string => `${count}${count >= most ? ' or more' : ''} ${count === 1 ? one : many}`;

/** Targets that cannot be called, or will not be soon; what could not be taken in; then failures by their cause, most first; then what was changed elsewhere; then what waits to be allowed. */
export function needsOf({ errors }: Pick<Summary, 'errors'>, { drift, held, targets, parked, most, tenant }: Counted): Needs {
  const [line, to] = [(rest: string) => wami(tenant, rest), (path: string) => within(tenant, path)];
  return [
    ...targets.flatMap(ofTarget),
    ...(parked === 0 ? [] : [{
      title: `${times(parked, 'event was', 'events were', most)} not taken in`, hint: 'What they are about is shown as it was before, or stands so at a cloud. See why, then try them again or leave them out.',
      line: 'npx wami dead-letters', count: parked, to: '/dead-letters',
    }]),
    ...errors.map(({ code, count }): Need => ({
      title: `${times(count, 'resource fails', 'resources fail')} with ${code}`, hint: SYNC_ERROR_HELP[code].remedy, code, count,
      ...(code === 'Conflict' ? { line: line('conflicts'), to: to('/drift') } : { line: line('status'), to: to(`/r?code=${code}`) }),
    })),
    ...(drift === 0 ? [] : [{ title: `${times(drift, 'resource was', 'resources were', most)} changed in a cloud`, hint: 'See what changed, and by whom, then sync now, or take it over.', line: line('drift'), count: drift, to: to('/drift') }]),
    ...(held === 0 ? [] : [{ title: `${times(held, 'removal waits', 'removals wait')} for approval`, hint: 'See the whole list before you let it go.', line: line('sync approvals'), count: held, to: '/plans' }]),
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
