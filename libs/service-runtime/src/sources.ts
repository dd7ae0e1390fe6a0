/** Every service that writes events, and the schema that its store lives in. */
export const SOURCES = [
  { source: 'identity', schema: 'identity' },
  { source: 'sync-aws', schema: 'sync_aws' },
] as const;

/** The writers of outcomes: one per provider. */
export const SYNC_SOURCES = SOURCES.map(({ source }) => source as string).filter((source) => source.startsWith('sync-'));
