import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { createClient } from './api/client';
import { openLive } from './api/live';
import { whoAmISchema, type WhoAmI } from './api/schemas';
import { ConsoleContext } from './console-context';
import { Frame } from './frame';
import { takeReturned, tokenOf } from './oidc';
import { SignIn } from './pages/sign-in';
import { forgetToken, keepToken, keptToken, takeCode, tokenFor } from './session';

const ENDED = 'You were signed out: the token is good no longer.';
const CODE_REFUSED = 'The one-time code of this address was used already, is too old, or is of an earlier start. The next start prints a new one; the token works always.';

const code = takeCode();
/** Taken before anything looks at the address, which it gives back. */
const returned = takeReturned();

/** Signed in or not. The address stays what it is: who opens a deep link signs in and is there. */
export function App(): JSX.Element {
  const [token, setToken] = useState(keptToken);
  const [trouble, setTrouble] = useState<string>();
  const [trying, setTrying] = useState(returned !== undefined || (code !== undefined && keptToken() === undefined));

  const signIn = useCallback((good: string): void => {
    keepToken(good);
    setTrouble(undefined);
    setToken(good);
  }, []);
  const signOut = useCallback((why?: string): void => {
    forgetToken();
    setToken(undefined);
    setTrouble(why);
  }, []);

  useEffect(() => {
    if (returned) tokenOf(returned).then(signIn, (error: Error) => setTrouble(error.message)).finally(() => setTrying(false));
    else if (code !== undefined && trying) tokenFor(code).then(signIn, () => setTrouble(CODE_REFUSED)).finally(() => setTrying(false));
  }, []);

  if (trying) return <p class="waiting" role="status">Signing in …</p>;
  if (token === undefined) return <SignIn trouble={trouble} signIn={signIn} />;
  return <SignedIn key={token} token={token} signOut={signOut} />;
}

function SignedIn({ token, signOut }: { readonly token: string; readonly signOut: (why?: string) => void }): JSX.Element {
  const client = useMemo(() => createClient(token, () => signOut(ENDED)), [token]);
  const live = useMemo(() => openLive(client), [client]);
  const [who, setWho] = useState<WhoAmI>();
  const [trouble, setTrouble] = useState<Error>();

  useEffect(() => () => live.close(), [live]);
  useEffect(() => {
    client.get('/v1/whoami', whoAmISchema).then(setWho, setTrouble);
  }, [client]);

  if (trouble) return <p class="waiting" role="alert">{trouble.message} <button type="button" onClick={() => location.reload()}>Try again</button></p>;
  if (!who) return <p class="waiting" role="status">Loading …</p>;
  return <ConsoleContext.Provider value={{ client, live, who, signOut: () => signOut() }}><Frame /></ConsoleContext.Provider>;
}
