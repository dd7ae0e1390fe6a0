import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go } from './router';
import { giveFocus } from './ui/focus';

const PAGES: Readonly<Record<string, string>> = { h: '/', r: '/r', d: '/drift', p: '/plans', e: '/events', t: '/t', s: '/tenants', k: '/keys' };
const HELP = [
  ['/', 'Search resources'], ['Ctrl-K', 'Pages, resources and actions by name'], ['j k', 'Next and previous row'], ['Enter', 'Open the row'], ['g h', 'Home'], ['g r', 'Resources'], ['g d', 'Conflicts and drift'], ['g p', 'Plans'], ['g e', 'Events'], ['g t', 'Providers'], ['g s', 'Tenants and settings'], ['g k', 'Keys'], ['?', 'This help'], ['Esc', 'Close'],
] as const;
/** A second key belongs to the first for so long. */
const PAIR_MS = 1500;

const writes = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches('input, select, textarea');

/** Keys that work on every page, while nobody types. */
export function Shortcuts(): JSX.Element {
  const help = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    let goes = 0;
    const press = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || writes(event.target) || help.current?.open) return;
      const second = event.timeStamp - goes < PAIR_MS ? PAGES[event.key] : undefined;
      goes = event.key === 'g' ? event.timeStamp : 0;
      if (second !== undefined) return go(second);
      if (event.key === '?') help.current?.showModal();
      if (event.key === 'j' || event.key === 'k') stepRow(event.key === 'j' ? 1 : -1);
      if (event.key === '/') {
        event.preventDefault();
        giveFocus('search');
        if (!document.getElementById('search')) go('/r');
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <dialog ref={help} aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <table><tbody>{HELP.map(([keys, what]) => <tr key={keys}><th scope="row">{keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</th><td>{what}</td></tr>)}</tbody></table>
      <form method="dialog"><button type="submit">Close</button></form>
    </dialog>
  );
}

/** Rows are links that carry `data-row`. */
function stepRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement);
  rows[at < 0 ? (step === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
}
