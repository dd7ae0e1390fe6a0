import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { createLogger, readConfig, runService } from '@wami/platform';
import { standaloneConfigSchema } from '../config';
import { startStandalone } from '../start-standalone';
import { aroundRuntime } from './around-ports';
import { ARMING, type Arming } from './kill-points';
import { KillSwitch } from './kill-switch';
import { bugsIn, withBug } from './planted-bugs';

/**
 * `main` as a test runs it: the same composition, whose ports kill the process at the point that the test names over the channel
 * (`Arming`). It cannot outlive the test. WAMI_CHAOS_BUGS plants some of `BUGS`.
 */
const killSwitch = new KillSwitch();
const toThread = new BroadcastChannel(ARMING);
process.on('message', (arming: Arming) => {
  killSwitch.arm(arming);
  toThread.postMessage(arming);
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const bugs = bugsIn(process.env);
const logger = createLogger('standalone', process.env['WAMI_LOG_LEVEL'] ?? 'warn');
void runService(() => startStandalone(readConfig(standaloneConfigSchema, process.env), logger, {
  runtime: (runtime) => aroundRuntime(bugs.reduce((broken, bug) => withBug(broken, bug), runtime), killSwitch.reached),
  syncThread: join(__dirname, 'chaos-sync-thread.ts'),
}), logger);
