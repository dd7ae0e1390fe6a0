import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Client } from './api/client';
import type { Live } from './api/live';
import type { WhoAmI } from './api/schemas';

/** What every page has once somebody is signed in. */
export interface Console {
  readonly client: Client;
  readonly live: Live;
  readonly who: WhoAmI;
  signOut(): void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error('nobody is signed in');
  return found;
}
