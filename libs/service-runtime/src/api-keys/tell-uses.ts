import type { Secret } from '@wami/platform';

/** Tells another service when keys were used here. */
export type TellUses = (uses: ReadonlyMap<string, Date>) => Promise<void>;

const TIMEOUT_MS = 3000;

/** To identity, where it answers. @throws where it does not take it */
export function tellUsesTo(identity: string, administrator: Secret): TellUses {
  return async (uses) => {
    const response = await fetch(new URL('/internal/api-key-uses', identity), {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { authorization: `Bearer ${administrator.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ uses: [...uses].map(([id, usedAt]) => ({ id, usedAt })) }),
    });
    if (!response.ok) throw new Error(`identity answered ${response.status}`);
  };
}
