import type { Command } from 'commander';
import { addApprovalCommands } from './approvals';
import { addPauseCommands } from './pauses';
import { addSyncExplain } from './sync-explain';
import { addSyncImport } from './sync-import';
import { addPlanCommands } from './sync-plan';
import { addSyncNow } from './sync-now';
import { addSyncRepair } from './sync-repair';
import { addSyncResolve } from './sync-resolve';
import { addSyncRetry } from './sync-retry';

/** `wami sync ...`: what is asked of the sync engines. */
export function addSyncCommands(program: Command): void {
  const sync = program.command('sync').description('what is asked of the sync engines');
  addSyncExplain(sync);
  addSyncNow(sync);
  addSyncRetry(sync);
  addSyncResolve(sync);
  addPlanCommands(sync);
  addPauseCommands(sync);
  addSyncImport(sync);
  addSyncRepair(sync);
  addApprovalCommands(sync);
}
