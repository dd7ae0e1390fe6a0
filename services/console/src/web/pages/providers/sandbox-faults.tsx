import type { ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { targetName } from '../../ui/chip';
import { Command, Trouble } from '../../ui/notices';
import { happenedText, sandboxSchema, SWITCHES, type Switch } from './switches';

/** What goes wrong at a stand-in on purpose, and the switches for it: only for who runs the installation. */
export function SandboxFaults({ target }: { readonly target: ProviderTargetView }): JSX.Element | null {
  const { client, who: { role, tenant } } = useConsole();
  const [changes, setChanges] = useState(0);
  const [error, setError] = useState<Error>();
  const mayBreak = role === 'admin' && tenant === '';
  const path = `/console/sandboxes/${encodeURIComponent(target.provider)}/${encodeURIComponent(target.account)}/faults`;
  const { value, error: unread } = useLive(`${path} ${changes}`, async (of, signal) => (mayBreak ? of.get(path, sandboxSchema, { signal }) : undefined));
  if (!mayBreak) return null;

  const change = async (verb: 'PATCH' | 'DELETE', body?: object): Promise<void> => {
    setError(undefined);
    await client.write(verb, path, sandboxSchema, body ? { body } : {}).then(() => setChanges((count) => count + 1), setError);
  };
  return (
    <section class="actions" aria-label={`Faults of ${targetName(target)}`}>
      <h3>Break this sandbox on purpose</h3>
      {value && SWITCHES.map((one) => <Row key={one.label} one={one} isOn={one.isOn(value.faults)} name={targetName(target)} change={(body) => void change('PATCH', body)} />)}
      <p class="action"><button type="button" onClick={() => void change('DELETE')}>All well again</button> <Command line={`npx wami sandbox heal ${targetName(target)}`} /></p>
      {value && <p class="quiet">{happenedText(value)}</p>}
      <Trouble error={error ?? unread} />
    </section>
  );
}

interface RowProps {
  readonly one: Switch;
  readonly isOn: boolean;
  readonly name: string;
  readonly change: (body: object) => void;
}

function Row({ one: { label, on, off, flag, offFlag }, isOn, name, change }: RowProps): JSX.Element {
  return (
    <p class="action">
      <button type="button" aria-pressed={isOn} onClick={() => change(isOn ? off : on)}>{label}</button>
      <Command line={`npx wami sandbox fault ${name} ${isOn ? offFlag : flag}`} />
    </p>
  );
}
