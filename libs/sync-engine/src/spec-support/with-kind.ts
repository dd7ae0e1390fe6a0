import type { ProviderAdapter, ResourceHandler } from '@wami/provider-port';
import type { ModelCloud } from './model-cloud';

/** The adapter, which can hold one more kind. Used by specs. */
export function withKind(adapter: ProviderAdapter, kind: string, handlerAt: (account: string) => ResourceHandler): ProviderAdapter {
  return {
    ...adapter, capabilities: [...adapter.capabilities, { kind, supported: true, rename: false, tags: false, facets: [] }],
    connect: (connection) => {
      const target = adapter.connect(connection);
      return { ...target, handler: (asked) => (asked === kind ? handlerAt(connection.account) : target.handler(asked)) };
    },
  };
}

/** As AWS's adapter does it: who is known by a lasting id is found under whatever name. Used by specs. */
export function nameNow(cloud: ModelCloud, called: string | undefined, id: string | undefined): string | undefined {
  return id === undefined ? called : cloud.users().find((user) => user.id === id)?.name;
}
