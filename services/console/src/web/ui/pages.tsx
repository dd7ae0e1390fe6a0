import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { atPage, Link, type Place } from '../router';
import { Empty } from './notices';

interface Props {
  readonly place: Place;
  /** Of the list, for who reads the page by ear. */
  readonly label: string;
  /** Where the address keeps the page of this list. */
  readonly name?: string;
  readonly next: string | undefined;
}

/** From one page of a list to the next, and back to the first; the address says which. Who turned it reads on from the top of the list's section. */
export function Pages({ place, label, name = 'cursor', next }: Props): JSX.Element {
  const nav = useRef<HTMLElement>(null);
  const cursor = place.query.get(name);
  const before = useRef(cursor);
  useEffect(() => {
    if (before.current !== cursor) nav.current?.closest('section')?.scrollIntoView();
    before.current = cursor;
  }, [cursor]);
  return (
    <nav ref={nav} class="pages" aria-label={label}>
      {cursor !== null && <Link to={atPage(place, name)}>First page</Link>}
      {next !== undefined && <Link to={atPage(place, name, next)} rel="next">Next page</Link>}
    </nav>
  );
}

/** Of a list that got shorter than where the address points. */
export function NothingLeft({ place, name = 'cursor' }: Pick<Props, 'place' | 'name'>): JSX.Element {
  return <Empty title="There is nothing on this page any more."><Link to={atPage(place, name)}>Back to the first page</Link></Empty>;
}
