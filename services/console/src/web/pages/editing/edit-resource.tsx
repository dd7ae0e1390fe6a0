import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { z } from 'zod';
import { ApiError, type Client, type Tagged } from '../../api/client';
import { useConsole } from '../../console-context';
import { Trouble } from '../../ui/notices';
import { updateLine } from './command-line';
import { KINDS, type EditableKind } from './kinds';
import { ResourceForm } from './resource-form';
import { keeping, patchOf, textsOf, type Body, type Texts } from './texts';
import { useWrite } from './use-write';

const viewSchema = z.record(z.string(), z.unknown());

interface Props {
  readonly id: string;
  readonly kind: EditableKind;
  readonly done: () => void;
}

/** From its own stream, with the version that a change is based on. */
const readOne = (client: Client, { id, kind }: Props): Promise<Tagged<Body>> => client.getTagged(`/v1/${KINDS[kind].collection}/${id}`, viewSchema);

/** Changes a resource, as long as nobody else did meanwhile. */
export function EditResource(props: Props): JSX.Element {
  const { client } = useConsole();
  const [begun, setBegun] = useState<Tagged<Body>>();
  const [error, setError] = useState<Error>();
  useEffect(() => void readOne(client, props).then(setBegun, setError), [client, props.id]);
  return begun ? <Form {...props} begun={begun} /> : <Trouble error={error} />;
}

interface Editing {
  /** As it was when somebody began, or took what held then. */
  readonly before: Texts;
  readonly etag: string;
  readonly texts: Texts;
  /** What somebody else made of a field that was typed, too. */
  readonly notes: Texts;
}

function Form({ begun, ...props }: Props & { readonly begun: Tagged<Body> }): JSX.Element {
  const { client } = useConsole();
  const { id, kind, done } = props;
  const { collection, fields } = KINDS[kind];
  const [editing, setEditing] = useState<Editing>(() => {
    const before = textsOf(fields, begun.value);
    return { before, etag: begun.etag, texts: before, notes: {} };
  });
  const { before, etag, texts, notes } = editing;
  const { error, wrong, refuse, write } = useWrite(fields);
  const read = patchOf(fields, before, texts);

  const save = (): void => {
    if ('errors' in read) return refuse(read.errors);
    if (Object.keys(read.body).length === 0) return done();
    write(JSON.stringify([etag, read.body]), async ({ key = '' }) => {
      await client.write('PATCH', `/v1/${collection}/${id}`, viewSchema, { body: read.body, etag, key });
      done();
    });
  };
  const take = async (): Promise<void> => {
    if ('errors' in read) return refuse(read.errors);
    const now = await readOne(client, props);
    const holds = textsOf(fields, now.value);
    const both = fields.filter(({ name }) => holds[name] !== before[name] && texts[name] !== before[name]).map(({ name }) => [name, `somebody else made it ${holds[name] || 'empty'}`] as const);
    setEditing({ before: holds, etag: now.etag, texts: keeping(fields, texts, before, holds), notes: Object.fromEntries(both) });
    refuse({});
  };
  const isStale = error instanceof ApiError && error.status === 412;
  return (
    <ResourceForm
      label="Change it" fields={fields} texts={texts} wrong={wrong} notes={notes} error={error} verb="Save the changes" submit={save}
      type={(name, text) => setEditing({ ...editing, texts: { ...texts, [name]: text } })} line={updateLine(kind, id, 'body' in read ? read.body : {}, location.origin)}
    >
      {' '}<button type="button" onClick={done}>Leave it as it is</button>
      {isStale && <>{' '}<button type="button" onClick={() => void take().catch((failed: Error) => refuse({ '': failed.message }))}>Take what holds now, and keep what I typed</button></>}
    </ResourceForm>
  );
}
