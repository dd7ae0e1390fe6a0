import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { askedSchema, startedJobSchema } from '../api/schemas';
import { useConsole } from '../console-context';
import { maySync } from './may';
import { Command, Trouble } from './notices';

interface Props {
  readonly label: string;
  /** The command that does the same. */
  readonly line: string;
  readonly path: string;
  readonly body: object;
  /** What is said once it is taken, where that makes no job. */
  readonly done?: string;
}

/** A verb that is asked for with one press. What comes of it is seen where the state is shown. */
export function Action({ label, line, path, body, done }: Props): JSX.Element | null {
  const { client, who: { role } } = useConsole();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string>();
  const [error, setError] = useState<Error>();
  if (!maySync(role)) return null;

  const ask = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    setSaid(undefined);
    const taken = done === undefined ? client.write('POST', path, startedJobSchema, { body }).then(({ job }) => `Asked for, as ${job}.`) : client.write('POST', path, askedSchema, { body }).then(() => done);
    await taken.then(setSaid, setError);
    setBusy(false);
  };
  return (
    <div>
      <div class="action"><button type="button" disabled={busy} onClick={() => void ask()}>{label}</button> <Command line={line} /></div>
      <div role="status">{said !== undefined && <p class="said">{said}</p>}</div>
      <Trouble error={error} />
    </div>
  );
}
