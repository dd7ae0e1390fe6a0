import type { SyncReason } from '@wami/contracts';

export const DELETED_HERE = 'the tenant pulls from this target: what was deleted here is not deleted there' satisfies SyncReason;
export const CHANGED_HERE = 'the tenant pulls from this target: what was changed here is not written there' satisfies SyncReason;
export const DELETED_THERE = 'it was deleted at the target; what is here stays until somebody decides' satisfies SyncReason;
export const TAKING = 'what was changed at the target becomes the state here, but for what the rules here refuse' satisfies SyncReason;
export const CHANGED_BOTH = 'it was changed here and at the target since they last agreed' satisfies SyncReason;
export const LEFT_BOTH = 'it was changed here and at the target since they last agreed; both stay as they are' satisfies SyncReason;
