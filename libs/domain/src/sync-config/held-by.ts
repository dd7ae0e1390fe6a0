import type { SyncConfig, SyncOperation, SyncReason } from '@wami/contracts';

const TRIGGERS = { create: 'onCreate', update: 'onUpdate', adopt: 'onUpdate', delete: 'onDelete' } as const satisfies Record<SyncOperation, keyof SyncConfig['triggers']>;

/** Why an operation is not carried out by itself, for people to read: the tenant's trigger for it is off. Undefined where it is on. */
export function heldBy({ triggers }: Pick<SyncConfig, 'triggers'>, operation: SyncOperation): SyncReason | undefined {
  const trigger = TRIGGERS[operation];
  return triggers[trigger] ? undefined : `the tenant's trigger ${trigger} is off; ask for a sync to carry it out`;
}
