const told = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';

/** Targets that are stand-ins on the machine of `npm start`, as `provider/account`. */
export const sandboxes: readonly string[] = told('wami-sandboxes').split(' ').filter(Boolean);

/** Host of who signs people in; empty where they sign in with tokens only. */
export const issuer = told('wami-issuer');
