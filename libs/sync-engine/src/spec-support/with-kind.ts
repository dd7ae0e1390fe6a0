import type { ProviderAdapter, ResourceHandler } from '@wami/provider-port';

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
