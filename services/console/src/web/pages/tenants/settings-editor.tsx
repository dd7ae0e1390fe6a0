import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../../api/client';
import { useConsole } from '../../console-context';
import { FieldRow } from '../../ui/field-row';
import { Trouble } from '../../ui/notices';
import { SideBySide } from '../../ui/side-by-side';
import { settingsPath, settingsSchema, type Settings } from './read-settings';
import { effectiveTexts, FIELDS, patchOf, textsOf, type Field, type Texts } from './settings';

interface Props {
  /** As they were when somebody began to change them: saved only as long as they still are. */
  readonly settings: Settings;
  readonly done: () => void;
  readonly again: () => void;
}

/** The tenant's own settings; nothing is saved before somebody saw what would hold. */
export function SettingsEditor({ settings, done, again }: Props): JSX.Element {
  const { client } = useConsole();
  const { tenant: { id: tenant }, line, effective, etag } = settings;
  const [texts, setTexts] = useState<Texts>(() => textsOf(line.at(-1)?.own ?? {}));
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const [would, setWould] = useState<Texts>();
  const [error, setError] = useState<Error>();

  const put = async (dryRun: boolean): Promise<void> => {
    setError(undefined);
    const read = patchOf(texts);
    setWrong('errors' in read ? read.errors : {});
    if ('errors' in read) return setWould(undefined);
    await client.write('PUT', settingsPath(tenant), settingsSchema, { body: read.patch, etag, query: dryRun ? { dryRun: 'true' } : {} })
      .then(({ effective: then }) => (dryRun ? setWould(effectiveTexts(then)) : done()), setError);
  };
  const type = (id: string, text: string): void => {
    setTexts({ ...texts, [id]: text });
    setWould(undefined);
  };
  const now = effectiveTexts(effective);
  const differing = would && FIELDS.filter(({ id }) => would[id] !== now[id]);
  return (
    <form class="panel padded" aria-label={`Settings of ${tenant}`} onSubmit={(event) => { event.preventDefault(); void put(true); }}>
      <p>What is left empty is inherited.</p>
      <div class="editor">{FIELDS.map((field) => <Row key={field.id} field={field} text={texts[field.id] ?? ''} now={now[field.id] ?? ''} wrong={wrong[field.id]} type={type} />)}</div>
      {differing && <Would rows={differing.map(({ id, label }) => [label, now[id], would?.[id]])} />}
      <p class="action section">
        {differing ? <button type="button" class="main" onClick={() => void put(false)}>Save the settings</button> : <button type="submit" class="main">See what would hold</button>}
        <button type="button" onClick={done}>Leave them as they are</button>
      </p>
      <Trouble error={error} />
      {error instanceof ApiError && error.status === 412 && <p class="action"><button type="button" onClick={again}>Begin again with what holds now</button></p>}
    </form>
  );
}

function Would({ rows }: { readonly rows: readonly (readonly [string, string | undefined, string | undefined])[] }): JSX.Element {
  return (
    <section class="section" role="status" aria-label="What would hold">
      {rows.length === 0 ? <p>The same would hold as now; only who says so may differ.</p> : <SideBySide columns={['Setting', 'Holds now', 'Would hold']} rows={rows} />}
    </section>
  );
}

interface RowProps {
  readonly field: Field;
  readonly text: string;
  readonly now: string;
  readonly wrong: string | undefined;
  readonly type: (id: string, text: string) => void;
}

function Row({ field: { id, label, options, hint }, text, now, wrong, type }: RowProps): JSX.Element {
  const about = [...(hint === undefined ? [] : [hint]), ...(text === '' && typeof options === 'string' ? [`inherited: ${now.replaceAll('\n', ', ')}`] : [])].join('; ');
  return <FieldRow id={id} label={label} options={options} text={text} about={about} wrong={wrong} none={text === '' ? `inherited (${now})` : 'inherited'} type={(typed) => type(id, typed)} />;
}
