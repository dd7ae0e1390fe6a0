/** Targets that are stand-ins on the machine of `npm start`, as `provider/account`. */
export const sandboxes: readonly string[] = (document.querySelector<HTMLMetaElement>('meta[name="wami-sandboxes"]')?.content ?? '').split(' ').filter(Boolean);
