import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useConsole } from '../console-context';
import { Link, withQuery, type Place } from '../router';
import { useSignal } from '../ui/signal';
import { keptViews } from './kept-views';
import { LONGEST_NAME, onPage, renamedView, withoutView, withView, type Outcome, type View } from './views';

/** The page's filters by names: each is a link, kept in this browser alone. */
export function SavedViews({ place }: { readonly place: Place }): JSX.Element {
  const { who: { actor } } = useConsole();
  const kept = useMemo(() => keptViews(actor), [actor]);
  const views = useSignal(kept.views);
  const [name, setName] = useState('');
  const [said, setSaid] = useState('');
  const here = withQuery(place, {});
  const listed = onPage(views, place.path);

  const change = (outcome: Outcome, done: string): boolean => {
    if ('refused' in outcome) {
      setSaid(outcome.refused);
      return false;
    }
    try {
      kept.keep(outcome.views);
      setSaid(done);
    } catch (error) {
      setSaid(`The browser does not keep it. ${(error as Error).message}`);
      return false;
    }
    return true;
  };
  const save = (event: Event): void => {
    event.preventDefault();
    const called = name.trim();
    if (called !== '' && change(withView(views, { name: called, to: here }), `Saved as ${called}.`)) setName('');
  };
  return (
    <details class="views">
      <summary>Saved views{listed.length > 0 && ` (${listed.length})`}</summary>
      <div class="panel padded">
        {listed.length > 0 && (
          <ul aria-label="Saved views">
            {listed.map((view) => (
              <Row
                key={view.name} view={view} isHere={view.to === here} rename={(to) => change(renamedView(kept.views.get(), view, to), `Renamed to ${to}.`)}
                remove={() => change(withoutView(kept.views.get(), view), `Deleted ${view.name}.`)}
              />
            ))}
          </ul>
        )}
        <form class="action" onSubmit={save}>
          <label>Save what is shown as <input required maxLength={LONGEST_NAME} value={name} onInput={(event) => setName(event.currentTarget.value)} autocomplete="off" spellcheck={false} /></label>
          <button type="submit">Save the view</button>
        </form>
        <p class="quiet" role="status">{said}</p>
      </div>
    </details>
  );
}

interface RowProps {
  readonly view: View;
  readonly isHere: boolean;
  readonly rename: (name: string) => boolean;
  readonly remove: () => void;
}

function Row({ view: { name, to }, isHere, rename, remove }: RowProps): JSX.Element {
  const [typed, setTyped] = useState<string>();
  const renamed = (event: Event): void => {
    event.preventDefault();
    const called = typed?.trim() ?? '';
    if (called !== '' && rename(called)) setTyped(undefined);
  };
  if (typed !== undefined) {
    return (
      <li>
        <form class="action" onSubmit={renamed}>
          <input required maxLength={LONGEST_NAME} aria-label={`New name of ${name}`} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} autocomplete="off" spellcheck={false} />
          <button type="submit">Rename it</button> <button type="button" onClick={() => setTyped(undefined)}>Leave it</button>
        </form>
      </li>
    );
  }
  return (
    <li class="action">
      <Link to={to} class="name" aria-current={isHere ? 'page' : undefined}>{name}</Link>
      <button type="button" aria-label={`Rename ${name}`} onClick={() => setTyped(name)}>Rename</button> <button type="button" aria-label={`Delete ${name}`} onClick={remove}>Delete</button>
    </li>
  );
}
