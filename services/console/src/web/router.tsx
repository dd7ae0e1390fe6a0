import type { ComponentChildren, JSX } from 'preact';
import { CONSOLE_PAGES, type ConsolePage } from '../pages';
import { signal, useSignal } from './ui/signal';

const here = (): string => location.pathname + location.search;
const address = signal(here());
addEventListener('popstate', () => address.set(here()));

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Where the page is; drawn again when that changes. */
export function usePlace(): Place {
  const url = new URL(useSignal(address), location.origin);
  return { path: url.pathname, query: url.searchParams };
}

/** `replace`: the place before cannot be gone back to, as while somebody types. */
export function go(to: string, { replace = false } = {}): void {
  if (to === here()) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  address.set(here());
}

/** Which page an address is, with what stands for its `:id`; undefined where it is none. */
export function pageAt(path: string): { readonly page: ConsolePage; readonly id: string } | undefined {
  for (const page of CONSOLE_PAGES) {
    const found = new RegExp(`^${page.replace(':id', '([\\w-]+)')}$`).exec(path);
    if (found) return { page, id: found[1] ?? '' };
  }
  return undefined;
}

/** Where addresses keep pages of lists. */
const LISTS = ['cursor', 'conflicts', 'drift'];

/** The address with these values of its query in place of those it has; empty ones are left out. What page of a list it was is no longer meant. */
export function withQuery({ path, query }: Place, changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(query);
  for (const list of LISTS) next.delete(list);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The same address at another page of a list; without a cursor at its first. `name`: of several lists, which. */
export function atPage({ path, query }: Place, name: string, cursor = ''): string {
  const next = new URLSearchParams(query);
  if (cursor === '') next.delete(name);
  else next.set(name, cursor);
  const text = next.toString();
  return text === '' ? path : `${path}?${text}`;
}

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly rel?: string;
  readonly 'aria-current'?: 'page' | undefined;
  /** One that `j` and `k` step to. */
  readonly 'data-row'?: boolean;
  readonly children: ComponentChildren;
}

/** A link within the console: the page stays, unless it is asked for in another tab. */
export function Link({ to, children, ...rest }: LinkProps): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} onClick={follow}>{children}</a>;
}
