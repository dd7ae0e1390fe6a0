import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { FieldRow } from '../../ui/field-row';
import { Command, Trouble } from '../../ui/notices';
import type { Field } from './kinds';
import type { Texts } from './texts';

interface Props {
  readonly label: string;
  readonly fields: readonly Field[];
  readonly texts: Texts;
  readonly type: (name: string, text: string) => void;
  /** What is wrong, by field. */
  readonly wrong: Texts;
  /** What is to be known of a field beside its hint. */
  readonly notes?: Texts;
  readonly error: Error | undefined;
  readonly verb: string;
  readonly line: string;
  readonly submit: () => void;
  /** Other buttons, beside that. */
  readonly children?: ComponentChildren;
}

/** The fields of a kind, what the API says of each, and the command that does the same. */
export function ResourceForm({ label, fields, texts, type, wrong, notes = {}, error, verb, line, submit, children }: Props): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('input')?.focus(), []);
  // To what is wrong first, for who does not see where it is: with the words, never after them.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [wrong]);
  return (
    <form ref={form} class="panel padded" aria-label={label} noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <div class="editor">
        {fields.map(({ name, label: title, shape, hint }) => (
          <FieldRow
            key={name} id={name} label={title} options={shape === 'text' || shape === 'number' ? 'text' : 'lines'} text={texts[name] ?? ''} wrong={wrong[name]}
            about={[hint, notes[name]].filter(Boolean).join('; ')} type={(text) => type(name, text)}
          />
        ))}
      </div>
      <Trouble error={error} />
      {wrong[''] !== undefined && <p class="trouble">{wrong['']}</p>}
      <p class="action section"><button type="submit" class="main">{verb}</button>{children}</p>
      <Command line={line} />
    </form>
  );
}
