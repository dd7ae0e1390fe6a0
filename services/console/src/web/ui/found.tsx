import type { DriftItem } from '@wami/contracts';
import type { JSX } from 'preact';
import { SideBySide } from './side-by-side';

/** Whether what was found is put right. */
export const DriftWord = ({ state }: Pick<DriftItem, 'state'>): JSX.Element => <strong class={state === 'open' ? 'not' : 'ok'}>{state === 'open' ? '! open' : '✓ agrees again'}</strong>;

/** What somebody else changed at a target, field by field: as it was left, and as it was found. */
export function Found({ drift, differences }: Pick<DriftItem, 'drift' | 'differences'>): JSX.Element {
  if (drift === 'missing') return <p>Nothing of ours stands there any more.</p>;
  return <SideBySide columns={['Where', 'As it was left', 'As it was found']} rows={differences.map(({ at, expected, found }) => [at, expected, found])} />;
}
