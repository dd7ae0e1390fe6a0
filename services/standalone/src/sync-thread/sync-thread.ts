import { runSyncThread } from './run-sync-thread';

runSyncThread();
