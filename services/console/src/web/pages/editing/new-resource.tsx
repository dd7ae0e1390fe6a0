import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { z } from 'zod';
import { readable } from '../../api/readable';
import { useConsole } from '../../console-context';
import { go, Link, usePlace, withQuery } from '../../router';
import { mayChange } from '../../ui/may';
import { Empty } from '../../ui/notices';
import { useTitle } from '../../ui/title';
import { createLine } from './command-line';
import { EDITABLE_KINDS, isEditable, KINDS, type Field } from './kinds';
import { ResourceForm } from './resource-form';
import { bodyOf, type Texts } from './texts';
import { useWrite } from './use-write';

const TENANT: Field = { name: 'tenant', label: 'Tenant', shape: 'text', hint: 'whose it is' };
const madeSchema = z.object({ id: z.string() });

/** Makes a user, group, role, policy, service account or identity provider; the address says which. */
export function NewResource(): JSX.Element {
  useTitle('New resource');
  const { who: { role } } = useConsole();
  return <><p><Link to="/r">All resources</Link></p><h1>New resource</h1>{mayChange(role) ? <Form /> : <div class="panel"><Empty title="Your role does not allow this."><p>Resources are made by an editor or an administrator of the tenant.</p></Empty></div>}</>;
}

function Form(): JSX.Element {
  const { client, who } = useConsole();
  const place = usePlace();
  const asked = place.query.get('kind') ?? '';
  const kind = isEditable(asked) ? asked : 'user';
  const { collection, one, nameField, fields } = KINDS[kind];
  const [texts, setTexts] = useState<Texts>({ tenant: place.query.get('tenant') ?? (who.tenant || 'default') });
  // What was typed stays where the kind is another one: names are one field, whatever the API calls it.
  const typed: Texts = { ...texts, [nameField]: texts['name'] ?? '' };
  const all = [TENANT, ...fields];
  const { error, wrong, refuse, write } = useWrite(all);
  const read = bodyOf(fields, typed);
  const tenant = texts['tenant']?.trim() ?? '';

  const make = (): void => {
    if ('errors' in read) return refuse(read.errors);
    const body = { tenant, ...read.body };
    write(JSON.stringify([kind, body]), async ({ key = '' }) => {
      const { id } = await client.write('POST', `/v1/${collection}`, madeSchema, { body, key });
      await readable(client, `/v1/resources/${id}/sync`);
      go(`/r/${id}`);
    });
  };
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>Kind<select value={kind} onChange={(event) => go(withQuery(place, { kind: event.currentTarget.value }), { replace: true })}>{EDITABLE_KINDS.map((name) => <option key={name} value={name}>{KINDS[name].one}</option>)}</select></label>
      </form>
      <ResourceForm
        label={`A new ${one}`} fields={all} texts={typed} wrong={wrong} error={error} verb={`Create the ${one}`} submit={make}
        type={(name, text) => setTexts({ ...texts, [name === nameField ? 'name' : name]: text })} line={createLine(kind, tenant, 'body' in read ? read.body : { [nameField]: typed[nameField] }, location.origin)}
      />
    </>
  );
}
