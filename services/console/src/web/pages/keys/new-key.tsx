import { issuedApiKeySchema, ROLES, type IssuedApiKey, type Role } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../../console-context';
import { Command, Trouble } from '../../ui/notices';
import { createLine, expiryAfter, LIFETIMES } from './key-text';

interface Props {
  /** Whose keys are shown: a new one is theirs unless somebody writes another. */
  readonly tenant: string | undefined;
  readonly issue: (issued: IssuedApiKey) => void;
}

const MAY: Readonly<Record<Role, string>> = { viewer: 'reads', editor: 'reads and changes identities', operator: 'reads and runs sync verbs', admin: 'does all of it, and tenants and keys' };

/** Makes a key. Its secret is in the answer, and nowhere after. */
export function NewKey({ tenant, issue }: Props): JSX.Element {
  const { client, who } = useConsole();
  const [form, setForm] = useState({ name: '', role: 'viewer' as Role, tenant: '', days: '90' });
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const owner = form.tenant.trim() || (tenant ?? (who.tenant || 'default'));

  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const body = { tenant: owner, role: form.role, name: form.name.trim(), ...expiryAfter(form.days, Date.now()) };
    await client.write('POST', '/v1/api-keys', issuedApiKeySchema, { body }).then((made) => {
      issue(made);
      setForm({ ...form, name: '' });
    }, setError);
    setBusy(false);
  };
  return (
    <section class="section" aria-labelledby="new-key">
      <h2 id="new-key">A new key</h2>
      <form class="panel padded" onSubmit={(event) => void make(event)}>
        <div class="filters">
          <label class="wide">What it is for<input required maxLength={256} value={form.name} placeholder="dashboard" onInput={(event) => setForm({ ...form, name: event.currentTarget.value })} autocomplete="off" /></label>
          <label>Role<select value={form.role} onChange={(event) => setForm({ ...form, role: ROLES.find((role) => role === event.currentTarget.value) ?? 'viewer' })}>{ROLES.map((role) => <option key={role} value={role}>{role}</option>)}</select></label>
          <label>Tenant<input value={form.tenant} placeholder={owner} onInput={(event) => setForm({ ...form, tenant: event.currentTarget.value })} autocomplete="off" spellcheck={false} /></label>
          <label>Good for<select value={form.days} onChange={(event) => setForm({ ...form, days: event.currentTarget.value })}>{LIFETIMES.map(([days, text]) => <option key={days} value={days}>{text}</option>)}</select></label>
        </div>
        <p class="section quiet">Role {form.role}: {MAY[form.role]}, of {owner} and below.</p>
        <p class="action"><button type="submit" class="main" disabled={busy}>Make the key</button> <Command line={createLine({ ...form, tenant: owner })} /></p>
        <Trouble error={error} />
      </form>
    </section>
  );
}
