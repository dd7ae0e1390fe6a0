import { IMPORTABLE_KINDS, type ProviderTargetView } from '@wami/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { readable } from '../../api/readable';
import { startedJobSchema } from '../../api/schemas';
import { useConsole } from '../../console-context';
import { go } from '../../router';
import { targetName } from '../../ui/chip';
import { maySync } from '../../ui/may';
import { Command, Trouble } from '../../ui/notices';
import { useWrite } from '../editing/use-write';
import { importLine, importLink, type Asked } from './import-text';

const NO_FIELDS = [] as const;

/** Asks what stands at a target that nobody manages. Nothing is made of it yet, here or there. */
export function StartImport({ target }: { readonly target: ProviderTargetView }): JSX.Element | null {
  const { who } = useConsole();
  const [tenant, setTenant] = useState(who.tenant || 'default');
  const [kind, setKind] = useState('');
  if (!maySync(who.role)) return null;
  const { provider, account } = target;
  const asked: Asked = { tenant: tenant.trim(), provider, account, ...(kind === '' ? {} : { kinds: [kind] }), adopt: false };
  return (
    <section class="actions" aria-label={`Import from ${targetName(target)}`}>
      <h3>What stands there that nobody manages</h3>
      <div class="filters">
        <label>For tenant<input value={tenant} onInput={(event) => setTenant(event.currentTarget.value)} autocomplete="off" spellcheck={false} /></label>
        <label>Kind<select value={kind} onChange={(event) => setKind(event.currentTarget.value)}><option value="">all</option>{IMPORTABLE_KINDS.map((one) => <option key={one} value={one}>{one}</option>)}</select></label>
      </div>
      <ImportButton asked={asked} label="Look what is there" />
    </section>
  );
}

/** Starts an import, and goes to where it is followed. */
export function ImportButton({ asked, label, main = false }: { readonly asked: Asked; readonly label: string; readonly main?: boolean }): JSX.Element {
  const { client } = useConsole();
  const { error, wrong, write } = useWrite(NO_FIELDS);
  const start = (): void => write(JSON.stringify(asked), async ({ key = '' }) => {
    const { job } = await client.write('POST', '/v1/sync/import', startedJobSchema, { body: asked, key });
    await readable(client, `/v1/jobs/${job}`);
    go(importLink(job));
  });
  return (
    <div>
      <div class="action"><button type="button" class={main ? 'main' : undefined} onClick={start}>{label}</button> <Command line={importLine(asked)} /></div>
      <Trouble error={error} />
      {wrong[''] !== undefined && <p class="trouble">{wrong['']}</p>}
    </div>
  );
}
