import type { SyncStateName } from '@wami/contracts';
import type { JSX } from 'preact';

const SYMBOL: Readonly<Record<SyncStateName, string>> = { Synced: '✓', Failed: '✗', Pending: '…', Syncing: '↻', Skipped: '–', NotConfigured: '○' };

/** A state as shape and word; colour only adds to it. */
export function Chip({ state, target }: { readonly state: SyncStateName; readonly target?: string }): JSX.Element {
  return <span class={`chip ${state}`}><span aria-hidden="true">{SYMBOL[state]}</span> {target === undefined ? state : <>{target} <span class="state">{state}</span></>}</span>;
}

export const targetName = ({ provider, account }: { readonly provider: string; readonly account: string }): string => `${provider}/${account}`;
