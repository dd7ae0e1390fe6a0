import type { SyncMap } from '@wami/contracts';
import { queryClient, type QueryClient } from '@wami/sandbox';
import { patiently as eventually } from '@wami/testing';
import type { Browser, Locator } from 'playwright-core';
import type { Standalone } from '../start-standalone';
import { openTab, type Tab } from './browser';

/** The sandbox's account that `npm start` connects. */
export const CONSOLE_ACCOUNT = '000000000001';

/** Somebody in front of the console who has the API and the cloud at hand as well. */
export interface ConsoleUser {
  readonly tab: () => Tab;
  readonly cloud: () => QueryClient;
  readonly at: (path: string) => string;
  readonly call: <T>(method: string, path: string, body?: object) => Promise<T>;
  /** A user's id. */
  readonly create: (userName: string, more?: object) => Promise<string>;
  readonly settled: (id: string, state: string) => Promise<void>;
  readonly heading: (name: string | RegExp) => Locator;
  readonly row: (name: string) => Locator;
  /** With query and fragment. */
  readonly path: () => string;
}

/** One tab, for every test of the file. */
export function consoleUserForAll(browser: () => Browser, standalone: () => Standalone, token: string): ConsoleUser {
  let opened: Tab | undefined;
  beforeAll(async () => {
    opened = await openTab(browser(), standalone().url);
  });
  afterAll(() => opened?.context.close());
  const tab = (): Tab => {
    if (!opened) throw new Error('no tab is open');
    return opened;
  };
  const at = (path: string): string => standalone().url + path;
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(at(path), { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(response.status).toBeLessThan(300);
    return await response.json() as T;
  };
  return {
    tab, at, call,
    cloud: () => queryClient(standalone().sandboxes[`aws/${CONSOLE_ACCOUNT}`] ?? ''),
    create: async (userName, more = {}) => (await call<{ id: string }>('POST', '/v1/users', { tenant: 'default', userName, ...more })).id,
    settled: (id, state) => eventually(async () => expect((await call<SyncMap>('GET', `/v1/resources/${id}/sync`))['aws']?.[CONSOLE_ACCOUNT]?.state).toBe(state)),
    heading: (name) => tab().page.getByRole('heading', { level: 1, name }),
    row: (name) => tab().page.getByRole('row').filter({ has: tab().page.getByRole('link', { name, exact: true }) }),
    path: () => {
      const { pathname, search, hash } = new URL(tab().page.url());
      return pathname + search + hash;
    },
  };
}
