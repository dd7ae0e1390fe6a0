import { BroadcastChannel } from 'node:worker_threads';
import { createAwsAdapter } from '@wami/sync-aws';
import { runSyncThread } from '../sync-thread/run-sync-thread';
import { aroundEngine, aroundRuntime } from './around-ports';
import { ARMING, type Arming } from './kill-points';
import { KillSwitch } from './kill-switch';
import { blindAdapter, bugsIn, withBug } from './planted-bugs';

/** Nothing comes about later than this in the sandbox, of which it is tried only that calls or their answers are lost. */
const SIGHT_MS = 4_000;

/** The sync thread of `chaos-main`, which tells it what is armed. */
const killSwitch = new KillSwitch();
const armings = new BroadcastChannel(ARMING);
armings.onmessage = (message) => killSwitch.arm((message as { readonly data: Arming }).data);
const bugs = bugsIn(process.env);
runSyncThread({
  runtime: (runtime) => aroundRuntime(bugs.reduce((broken, bug) => withBug(broken, bug), runtime), killSwitch.reached),
  engine: { options: { sightMs: SIGHT_MS }, seams: aroundEngine(killSwitch.reached), ...(bugs.includes('blind-create') ? { adapter: blindAdapter(createAwsAdapter()) } : {}) },
});
