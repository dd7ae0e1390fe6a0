import { signal, type Signal } from '../ui/signal';
import { readViews, type View } from './views';

export interface Kept {
  readonly views: Signal<readonly View[]>;
  /** @throws where the browser keeps nothing */
  keep(views: readonly View[]): void;
}

const all = new Map<string, Kept>();

/** Of whoever signed in, at this address, in this browser; what another tab keeps is there at once. */
export function keptViews(actor: string): Kept {
  const key = `wami.views.${actor}`;
  const known = all.get(key);
  if (known) return known;
  const views = signal(readViews(localStorage.getItem(key)));
  addEventListener('storage', (event) => {
    if (event.key === key || event.key === null) views.set(readViews(localStorage.getItem(key)));
  });
  const kept: Kept = {
    views,
    keep(next) {
      localStorage.setItem(key, JSON.stringify(next));
      views.set(next);
    },
  };
  all.set(key, kept);
  return kept;
}
