import type { DriftItem } from '@wami/contracts';
import type { Direction } from './use-directions';

export interface Way {
  /** Of the button; absent where no sync does anything about it. */
  readonly label?: string;
  /** It is asked for as the settling of a conflict: a look alone leaves it as it is. */
  readonly decided?: true;
  readonly becomes: string;
}

/** What a look at it does about it, as the direction of its tenant says: docs/drift.md. */
export function wayOf({ drift }: Pick<DriftItem, 'drift'>, direction: Direction | undefined): Way {
  if (direction === undefined) return { label: 'Sync now', becomes: '' };
  const missing = drift === 'missing';
  if (direction === 'push') return missing ? { label: 'Make it again', becomes: 'is made again there' } : { label: 'Put it back', becomes: 'is put back there' };
  if (!missing) return { label: 'Take it over', becomes: 'becomes the state here, as far as the rules here allow it' };
  if (direction === 'pull') return { becomes: 'is left so: delete it here too, or have it made there by somebody' };
  return { label: 'Make it again', decided: true, becomes: 'is left so until somebody decides: have it made again, or delete it here too' };
}
