import { Injectable } from '@nestjs/common';
import { shownSyncState, type LogPosition, type ResourceKind, type SyncConfig, type SyncMap, type SyncOperation, type SyncState, type Target } from '@wami/contracts';
import { heldBy, visibleSyncState, wantedTargets, type BindingOutcome } from '@wami/domain';
import { Tenants } from '../tenants/tenants';
import { OutcomeTail } from './outcome-tail';
import { targetKey } from './outcomes';

/** A write that can be waited for: whose bindings it touches, and from which place in the log on an engine's word counts. */
export interface Waitable {
  readonly resource: string;
  readonly kind: ResourceKind;
  readonly tenant: string;
  readonly syncToProviders?: readonly string[];
  readonly operation: SyncOperation;
  readonly position: LogPosition;
  readonly updatedAt: string;
  /** False where the write changed nothing; then what is not known is left out, for it may have settled long ago. */
  readonly changed: boolean;
}

/** Answers `Prefer: wait`. */
@Injectable()
export class SyncWait {
  constructor(private readonly tail: OutcomeTail, private readonly tenants: Tenants) {}

  /** The states of all targets that the write is wanted at, once they settled or after `seconds`. */
  async syncMapOf(write: Waitable, seconds: number): Promise<SyncMap> {
    const config = await this.tenants.syncConfig(write.tenant);
    const targets = wantedTargets(config, write.syncToProviders);
    const awaited = heldBy(config, write.operation) === undefined ? targets : [];
    const said = await this.tail.outcomes.settle(write.resource, awaited, write.position, seconds * 1000);
    return toSyncMap(write, config, targets, said);
  }
}

export function toSyncMap(write: Waitable, config: SyncConfig, targets: readonly Target[], said: ReadonlyMap<string, BindingOutcome>): SyncMap {
  const { resource, kind, tenant, operation, position, updatedAt } = write;
  const deleted = operation === 'delete';
  const held = heldBy(config, operation);
  const map: Record<string, Record<string, SyncState>> = {};
  for (const { provider, account } of targets) {
    const outcome = said.get(targetKey({ provider, account }));
    if (!outcome && !write.changed) continue;
    const state = outcome || !deleted
      ? visibleSyncState({ resource, kind, tenant, provider, account },
        { wanted: !deleted, deleted, intent: position, operation, updatedAt, ...(held === undefined ? {} : { held }) }, outcome)
      : ({ state: 'Pending', resource, kind, tenant, provider, account, operation, updatedAt } satisfies SyncState);
    if (state) (map[provider] ??= {})[account] = shownSyncState(state);
  }
  return map;
}
