import type { JSX, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../console-context';
import { pagesFor } from '../navigation';
import { go } from '../router';
import { Trouble } from '../ui/notices';
import { fitting, resourceEntries, stepped, type Entry } from './entries';
import { Options, optionId } from './options';
import { pageActions } from './page-actions';
import { useFound } from './use-found';

const LIST = 'palette-options';

/** Opened by Ctrl-K wherever somebody is, and closed by it. The field is there always, so that no key that is pressed at once goes elsewhere. */
export function Palette(): JSX.Element {
  const { who } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const [actions, setActions] = useState<readonly Entry[]>();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(text.trim());
  const pages = pagesFor(who).map(([to, label]): Entry => ({ group: 'Pages', label, about: to, choose: () => go(to) }));
  const isLooking = found.text !== text.trim();
  const entries = actions ? [...fitting([...actions, ...pages], text), ...(isLooking ? [] : resourceEntries(found.items, go))] : [];
  const active = entries[at] ? at : 0;
  useShortcut(dialog, () => setActions(pageActions()));

  const type = (typed: string): void => {
    setText(typed);
    setAt(0);
  };
  const closed = (): void => {
    setActions(undefined);
    type('');
  };
  // Closed first, so that the focus is back on the page before anything is chosen there.
  const choose = (entry: Entry): void => {
    dialog.current?.close();
    entry.choose();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setAt(stepped(active, event.key === 'ArrowDown' ? 1 : -1, entries.length));
    else if (event.key === 'Enter' && !event.isComposing && entries[active]) choose(entries[active]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="palette" aria-label="Palette" onClose={closed}>
      <input
        role="combobox" aria-label="Page, resource or action" placeholder="Page, resource or action" aria-autocomplete="list" aria-expanded={entries.length > 0}
        aria-controls={LIST} aria-activedescendant={entries.length > 0 ? optionId(active) : undefined} value={text}
        onInput={(event) => type(event.currentTarget.value)} onKeyDown={press} autocomplete="off" spellcheck={false}
      />
      {entries.length > 0 && <Options id={LIST} entries={entries} active={active} choose={choose} />}
      <p class="quiet" role="status">{actions && (isLooking ? 'Looking …' : entries.length === 0 ? 'Nothing has this name.' : `${entries.length} to choose from.`)}</p>
      <Trouble error={found.error} />
      <p class="quiet"><kbd>↑</kbd><kbd>↓</kbd>steps, <kbd>Enter</kbd>chooses, <kbd>Esc</kbd>closes</p>
    </dialog>
  );
}

function useShortcut(dialog: RefObject<HTMLDialogElement | null>, opens: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (dialog.current?.open) return dialog.current.close();
      dialog.current?.showModal();
      opens();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
