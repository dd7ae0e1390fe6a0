/** The addresses at which the page is served; all else of the origin is the API's. */
export const CONSOLE_PAGES = ['/', '/r', '/r/:id', '/new', '/drift', '/plans', '/plans/:id', '/events', '/reports', '/dead-letters', '/t', '/imports/:id', '/tenants', '/keys', '/signed-in'] as const;
export type ConsolePage = (typeof CONSOLE_PAGES)[number];
