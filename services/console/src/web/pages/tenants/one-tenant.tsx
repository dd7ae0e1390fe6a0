import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../../api/client';
import { useLive } from '../../api/use-live';
import { useConsole } from '../../console-context';
import { Link } from '../../router';
import { mayConfigure } from '../../ui/may';
import { Command, Empty, Trouble } from '../../ui/notices';
import { useTitle } from '../../ui/title';
import { readSettings, type Settings } from './read-settings';
import { SettingsEditor } from './settings-editor';
import { SettingsTable } from './settings-table';
import { lineOf } from './tenant-path';

/** One tenant: what holds for it, each setting with whoever says so, and the tenants below it. */
export function OneTenant({ path, children }: { readonly path: string; readonly children: ComponentChildren }): JSX.Element {
  useTitle(path);
  const { client, who: { role, tenant: scope } } = useConsole();
  const { value, error } = useLive(path, (client, signal) => readSettings(client, signal, path, scope), ({ type }) => type.startsWith('wami.tenant.'));
  const [edited, setEdited] = useState<Settings>();
  // What the page shows may be older than what was in the way.
  const again = (): void => void readSettings(client, new AbortController().signal, path, scope).then(setEdited, () => setEdited(undefined));
  if (error instanceof ApiError && error.status === 404) return <NoTenant path={path} />;
  return (
    <>
      <p><Link to="/tenants">All tenants</Link>{lineOf(path, scope).slice(0, -1).map((above) => <span key={above}> / <Link to={`/tenants?${new URLSearchParams({ tenant: above }).toString()}`}>{above}</Link></span>)}</p>
      <div class="title"><h1 class="name">{path}</h1>{value && value.tenant.name !== path && <span class="quiet">{value.tenant.name}</span>}{value?.tenant.status === 'deleting' && <strong class="not">! being deleted</strong>}</div>
      <p><Link to={`/r?${new URLSearchParams({ tenant: path }).toString()}`}>Its resources</Link></p>
      <Trouble error={error} />
      <section class="section" aria-labelledby="settings">
        <h2 id="settings">How it is synced</h2>
        {value && !edited && <SettingsTable settings={value} />}
        {edited && <SettingsEditor key={edited.etag} settings={edited} done={() => setEdited(undefined)} again={again} />}
        {value && !edited && (
          <p class="action section">
            {mayConfigure(role) ? <button type="button" onClick={() => setEdited(value)}>Change the settings</button> : <span class="quiet">Your role only reads them.</span>} <Command line={`npx wami tenant sync-config ${path}`} />
          </p>
        )}
      </section>
      <section class="section" aria-labelledby="below"><h2 id="below">Tenants below it</h2>{children}</section>
    </>
  );
}

function NoTenant({ path }: { readonly path: string }): JSX.Element {
  useTitle('No such tenant');
  return <><h1>No such tenant</h1><Empty title={`There is no ${path}, or the token may not see it.`}><Link to="/tenants">All tenants</Link></Empty></>;
}
