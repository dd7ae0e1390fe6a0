import type { SyncConfig, SyncConfigPatch, SyncOperation, SyncReason } from '@wami/contracts';

const TRIGGERS = { create: 'onCreate', update: 'onUpdate', adopt: 'onUpdate', delete: 'onDelete' } as const satisfies Record<SyncOperation, keyof SyncConfig['triggers']>;

/** Why an operation is not carried out by itself, for people to read: the tenant's trigger for it is off. Undefined where it is on. */
export function heldBy({ triggers }: Pick<SyncConfig, 'triggers'>, operation: SyncOperation): SyncReason | undefined {
  const trigger = TRIGGERS[operation];
  return triggers[trigger] ? undefined : `the tenant's trigger ${trigger} is off; ask for a sync to carry it out`;
}

/** The operations whose trigger a tenant's own settings turn off, or do not turn on any more. */
export function turnedOff(before: SyncConfigPatch['triggers'] = {}, after: SyncConfigPatch['triggers'] = {}): SyncOperation[] {
  return (['create', 'update', 'delete'] as const).filter((operation) => before[TRIGGERS[operation]] !== after[TRIGGERS[operation]] && after[TRIGGERS[operation]] !== true);
}
