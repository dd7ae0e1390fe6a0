import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { GROUPS, type Entry } from './entries';

export const optionId = (at: number): string => `palette-option-${at}`;

interface Props {
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly active: number;
  readonly choose: (entry: Entry) => void;
}

/** The focus stays in the field, which says which of these is the active one. */
export function Options({ id, entries, active, choose }: Props): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [active, entries.length]);
  const numbered = entries.map((entry, at) => ({ entry, at }));
  return (
    <div ref={list} id={id} role="listbox" aria-label="What there is">
      {GROUPS.map((group) => ({ group, of: numbered.filter(({ entry }) => entry.group === group) })).filter(({ of }) => of.length > 0).map(({ group, of }) => (
        <div key={group} role="group" aria-label={group}>
          <p class="quiet" role="presentation">{group}</p>
          {of.map(({ entry, at }) => (
            <div key={at} id={optionId(at)} role="option" class="option" aria-selected={at === active} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(entry)}>
              <span class="name">{entry.label}</span> <span class="quiet">{entry.about}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
