import type { IssuedApiKey } from '@wami/contracts';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  readonly issued: IssuedApiKey;
  /** Somebody has it, and it is forgotten here. */
  readonly done: () => void;
}

/** The secret, while this page is open: WAMI keeps only a hash of it. */
export function ShownOnce({ issued: { name, secret }, done }: Props): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    setCopied(false);
    field.current?.select();
  }, [secret]);
  return (
    <section class="panel padded" aria-label="The secret">
      <p><strong>The secret of {name}</strong>, shown this once. Nobody can read it again: keep it now.</p>
      <div class="action">
        <input class="secret" ref={field} readOnly aria-label={`Secret of ${name}`} value={secret ?? ''} />
        <button type="button" onClick={() => void navigator.clipboard.writeText(secret ?? '').then(() => setCopied(true))}>Copy</button>
        <button type="button" class="main" onClick={done}>I have it</button>
        <span role="status">{copied && 'Copied.'}</span>
      </div>
    </section>
  );
}
