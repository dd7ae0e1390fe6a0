import type { JSX } from 'preact';

interface Props {
  readonly id: string;
  readonly label: string;
  /** Of a choice; `text` and `lines` are typed. */
  readonly options: readonly string[] | 'text' | 'lines';
  readonly text: string;
  readonly about: string;
  readonly wrong: string | undefined;
  /** Of a choice, what choosing nothing means. */
  readonly none?: string;
  readonly type: (text: string) => void;
}

/** One field of a form: what it is called, where it is typed, what is wrong with it. */
export function FieldRow({ id, label, options, text, about, wrong, none, type }: Props): JSX.Element {
  const of = { id: `set-${id}`, value: text, 'aria-invalid': wrong !== undefined, 'aria-describedby': `about-${id}` };
  return (
    <>
      <label for={of.id}>{label}</label>
      <div>
        {options === 'lines' && <textarea {...of} rows={Math.min(20, Math.max(2, text.split('\n').length))} onInput={(event) => type(event.currentTarget.value)} spellcheck={false} />}
        {options === 'text' && <input {...of} onInput={(event) => type(event.currentTarget.value)} autocomplete="off" spellcheck={false} />}
        {typeof options !== 'string' && (
          <select {...of} onChange={(event) => type(event.currentTarget.value)}>
            <option value="">{none}</option>
            {options.map((option) => <option key={option} value={option}>{option}</option>)}
          </select>
        )}
        <p id={`about-${id}`} class="quiet">{wrong !== undefined && <strong class="wrong">{wrong} </strong>}{about}</p>
      </div>
    </>
  );
}
