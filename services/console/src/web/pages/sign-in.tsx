import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, createClient } from '../api/client';
import { whoAmISchema } from '../api/schemas';
import { goToSignIn } from '../oidc';
import { issuer } from '../told';

interface Props {
  /** Why somebody has to sign in who thought they were. */
  readonly trouble: string | undefined;
  readonly signIn: (token: string) => void;
}

export function SignIn({ trouble, signIn }: Props): JSX.Element {
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wrong = refusal ?? trouble;

  useEffect(() => {
    document.title = 'Sign in · WAMI';
    field.current?.focus();
  }, []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (token === '' || busy) return;
    setBusy(true);
    try {
      await createClient(token, () => undefined).get('/v1/whoami', whoAmISchema);
      signIn(token);
    } catch (error) {
      setRefusal(error instanceof ApiError && error.status === 401 ? 'This token is not valid.' : (error as Error).message);
      field.current?.focus();
    }
    setBusy(false);
  };

  const elsewhere = async (): Promise<void> => {
    setBusy(true);
    await goToSignIn().catch((error: Error) => {
      setRefusal(error.message);
      setBusy(false);
    });
  };

  return (
    <main class="sign-in">
      <h1>WAMI</h1>
      <p>Keeps identities once and makes every cloud agree with them.</p>
      {issuer !== '' && <p><button type="button" class="main" disabled={busy} onClick={() => void elsewhere()}>Sign in with {issuer}</button></p>}
      <form onSubmit={(event) => void submit(event)}>
        <label for="token">Token</label>
        <input id="token" ref={field} type="password" autocomplete="off" spellcheck={false} aria-describedby="token-help" aria-invalid={wrong !== undefined} />
        <p id="token-help">The administrator's token or an API key. After <code>npm start</code> it is in <code>.wami/admin.token</code>, and the address that was printed signs in by itself.</p>
        <p role="alert" class="wrong">{wrong}</p>
        <button type="submit" class={issuer === '' ? 'main' : undefined} disabled={busy}>{busy ? 'Signing in …' : issuer === '' ? 'Sign in' : 'Sign in with the token'}</button>
      </form>
      <p class="quiet">It is kept until you close this tab, nowhere else.</p>
    </main>
  );
}
