/** The addresses at which the page is served; all else of the origin is the API's. */
export const CONSOLE_PAGES = ['/', '/r', '/r/:id', '/new', '/drift', '/plans', '/plans/:id', '/events', '/reports', '/dead-letters', '/t', '/imports/:id', '/tenants', '/keys', '/signed-in'] as const;
/** All of the origin that is the console's: its pages, its files, and signing in at an issuer. */
export const CONSOLE_ADDRESSES = [...CONSOLE_PAGES, '/assets/:file', '/console/oidc', '/console/oidc/token'] as const;
export type ConsolePage = (typeof CONSOLE_PAGES)[number];
