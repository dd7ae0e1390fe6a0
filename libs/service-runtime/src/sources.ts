/** How a sync service is known to the database, the log and operators. */
export interface SyncServiceName {
  readonly service: string;
  readonly schema: string;
  /** Where it listens unless told otherwise. */
  readonly port: number;
}

/** The sync service of each provider. */
export const SYNC_SERVICES = {
  aws: { service: 'sync-aws', schema: 'sync_aws', port: 8090 },
  gcp: { service: 'sync-gcp', schema: 'sync_gcp', port: 8091 },
  azure: { service: 'sync-azure', schema: 'sync_azure', port: 8092 },
  /** Of whichever provider the adapter is for that the operator names. */
  custom: { service: 'sync-custom', schema: 'sync_custom', port: 8093 },
} as const satisfies Readonly<Record<string, SyncServiceName>>;

export type SyncProvider = keyof typeof SYNC_SERVICES;

/** The writers of outcomes: one per provider. */
export const SYNC_SOURCES: readonly string[] = Object.values(SYNC_SERVICES).map(({ service }) => service);

/** Every service that may write events, and the schema that its store lives in. */
export const SOURCES: readonly { readonly source: string; readonly schema: string }[] = [
  { source: 'identity', schema: 'identity' },
  ...Object.values(SYNC_SERVICES).map(({ service, schema }) => ({ source: service, schema })),
];
