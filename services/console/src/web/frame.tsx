import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useConsole } from './console-context';
import { pagesFor } from './navigation';
import { DeadLetters } from './pages/dead-letters/dead-letters';
import { Drift } from './pages/drift/drift';
import { NewResource } from './pages/editing/new-resource';
import { Events } from './pages/events/events';
import { Home } from './pages/home/home';
import { Import } from './pages/imports/import';
import { Keys } from './pages/keys/keys';
import { NoSuchPage } from './pages/no-such-page';
import { Approval, isApproval } from './pages/plans/approval';
import { Plan } from './pages/plans/plan';
import { Plans } from './pages/plans/plans';
import { Providers } from './pages/providers/providers';
import { Reports } from './pages/reports/reports';
import { Resource } from './pages/resource/resource';
import { Resources } from './pages/resources/resources';
import { Tenants } from './pages/tenants/tenants';
import { Palette } from './palette/palette';
import { Link, pageAt, usePlace } from './router';
import { Shortcuts } from './shortcuts';
import { sandboxes } from './told';
import { PausedBanner } from './ui/pauses';
import { useSignal } from './ui/signal';

/** What is around every page. */
export function Frame(): JSX.Element {
  const { path } = usePlace();
  const links = pagesFor(useConsole().who);
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);

  // Who reads the page by ear is taken to the page that they went to.
  useEffect(() => {
    if (before.current !== path && !main.current?.contains(document.activeElement)) main.current?.focus();
    before.current = path;
  }, [path]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>Skip to the content</a>
      <header>
        <div class="bar">
          <Link to="/" class="brand">WAMI</Link>
          <nav aria-label="Pages">
            <ul>{links.map(([to, name]) => <li key={to}><Link to={to} aria-current={isAt(path, to) ? 'page' : undefined}>{name}</Link></li>)}</ul>
          </nav>
          <Who />
        </div>
        {sandboxes.length > 0 && <p class="banner sandbox"><strong>SANDBOX</strong> {sandboxes.join(', ')}: {sandboxes.length === 1 ? 'a stand-in' : 'stand-ins'} on this machine. No real cloud is called.</p>}
        <PausedBanner />
        <Away />
      </header>
      <main id="main" ref={main} tabIndex={-1}><Page path={path} /></main>
      <Shortcuts />
      <Palette />
    </>
  );
}

const isAt = (path: string, to: string): boolean => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));

function Page({ path }: { readonly path: string }): JSX.Element {
  const at = pageAt(path);
  switch (at?.page) {
    case '/': return <Home />;
    case '/r': return <Resources />;
    case '/new': return <NewResource />;
    case '/r/:id': return <Resource key={at.id} id={at.id} />;
    case '/drift': return <Drift />;
    case '/plans': return <Plans />;
    case '/plans/:id': return isApproval(at.id) ? <Approval key={at.id} id={at.id} /> : <Plan key={at.id} id={at.id} />;
    case '/events': return <Events />;
    case '/reports': return <Reports />;
    case '/dead-letters': return <DeadLetters />;
    case '/t': return <Providers />;
    case '/imports/:id': return <Import key={at.id} id={at.id} />;
    case '/tenants': return <Tenants />;
    case '/keys': return <Keys />;
    default: return <NoSuchPage />;
  }
}

function Who(): JSX.Element {
  const { who: { actor, role, tenant }, signOut } = useConsole();
  const name = `${actor} (${role}${tenant === '' ? '' : ` of ${tenant}`})`;
  return <p class="who"><span title={name}>{name}</span> <button type="button" onClick={signOut}>Sign out</button></p>;
}

/** Said only while what is shown may be old. */
function Away(): JSX.Element {
  const state = useSignal(useConsole().live.state);
  return <div role="status">{state === 'away' && <p class="banner away"><strong>NOT LIVE</strong> The connection broke off. What you see may be old; it is tried again.</p>}</div>;
}
