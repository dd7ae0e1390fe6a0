import type { ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { summarySchema } from '../../api/schemas';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Action } from '../../ui/action';
import { maySync } from '../../ui/may';

/** Has everything at the accounts of the provider compared and made to agree, after a second thought: what differs is written. */
export function ResyncTarget({ target: { provider } }: { readonly target: ProviderTargetView }): JSX.Element | null {
  const { who } = useConsole();
  const [asked, setAsked] = useState(false);
  if (!maySync(who.role)) return null;
  return (
    <section class="actions" aria-label={`Resync of ${provider}`}>
      <h3>Whether everything at {provider} is as it should be</h3>
      <p class="action"><button type="button" aria-expanded={asked} onClick={() => setAsked(!asked)}>Resync</button></p>
      {asked && <Resync provider={provider} />}
    </section>
  );
}

function Resync({ provider }: { readonly provider: string }): JSX.Element {
  const { value } = useLive('summary', (client, signal) => client.get('/v1/sync-summary', summarySchema, { signal }));
  const here = value?.counts.filter((one) => one.provider === provider);
  const count = here?.reduce((sum, one) => sum + one.count, 0);
  return (
    <div role="group" aria-label={`Resync ${provider}?`}>
      <p>{count === undefined ? 'All that you may sync' : `All ${count} that you may sync`} at {provider}, in each of its accounts, {count === 1 ? 'is' : 'are'} compared with what stands there. What differs is put back, or taken over, as the direction of its tenant says.</p>
      <Action label="Resync all of it" line={`npx wami sync now --provider ${provider} --yes`} path="/v1/sync" body={{ providers: [provider] }} />
    </div>
  );
}
