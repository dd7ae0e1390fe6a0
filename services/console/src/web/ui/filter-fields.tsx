import type { JSX, TargetedEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { go, withQuery, type Place } from '../router';
import { takeFocus } from './focus';

/** So long after the last key the list is asked for. */
const TYPING_MS = 250;

interface FieldProps {
  readonly place: Place;
  readonly name: string;
  readonly label: string;
}

/** One of several values, or `none` of them. */
export function Chosen({ place, name, label, options, none = 'any' }: FieldProps & { readonly options: readonly string[]; readonly none?: string }): JSX.Element {
  const choose = (event: TargetedEvent<HTMLSelectElement>): void => go(withQuery(place, { [name]: event.currentTarget.value }));
  return (
    <label>{label}
      <select name={name} value={place.query.get(name) ?? ''} onChange={choose}>
        <option value="">{none}</option>
        {options.map((option) => <option key={option} value={option}>{option}</option>)}
      </select>
    </label>
  );
}

/** A text, which is asked for once somebody stops typing. */
export function Typed({ place, name, label, id, wide, list, hint }: FieldProps & { readonly id?: string; readonly wide?: boolean; readonly list?: string; readonly hint: string }): JSX.Element {
  const asked = place.query.get(name) ?? '';
  const [text, setText] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  // Before anything else can happen: who pressed the key for it types on.
  useLayoutEffect(() => {
    if (id !== undefined && takeFocus(id)) field.current?.focus();
  }, []);
  const now = useRef(place);
  now.current = place;
  // The address may change without this field: by going back, or by `Clear`.
  const before = useRef(asked);
  useEffect(() => {
    // The first time effects run after whatever was typed at once, and nothing has changed.
    if (before.current !== asked) setText((typed) => (typed.trim() === asked ? typed : asked));
    before.current = asked;
  }, [asked]);
  useEffect(() => {
    if (text.trim() === asked) return undefined;
    const timer = setTimeout(() => go(withQuery(now.current, { [name]: text.trim() }), { replace: true }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return <label class={wide ? 'wide' : undefined}>{label}<input type="search" ref={field} id={id} list={list} name={name} placeholder={hint} value={text} onInput={(event) => setText(event.currentTarget.value)} autocomplete="off" spellcheck={false} /></label>;
}
