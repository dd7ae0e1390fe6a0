import { StartupError } from './config/startup-error';
import { warnOfUnknownSettings } from './config/unknown-settings';
import { describeError, type Logger } from './logging/logger';

export interface Running {
  close(): Promise<void>;
}

const SHUTDOWN_MS = 25_000;

/**
 * Runs a service until it is told to stop. What the operator can put right is one line on stderr and exit code 1; SIGTERM and SIGINT stop taking
 * work, finish what is in flight and exit 0; a promise that nobody handled closes everything and exits 1.
 */
export async function runService(start: () => Promise<Running>, logger: Logger): Promise<void> {
  let running: Running | undefined;
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const deadline = setTimeout(() => process.exit(1), SHUTDOWN_MS);
    try {
      await running?.close();
    } catch (error) {
      logger.error(describeError(error), 'closing failed');
      code = 1;
    }
    clearTimeout(deadline);
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(0));
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.once(event, (error: unknown) => {
      logger.error({ ...describeError(error), stack: error instanceof Error ? error.stack : undefined }, event);
      void stop(1);
    });
  }
  warnOfUnknownSettings(process.env, logger);
  try {
    running = await start();
    if (stopping) await running.close();
  } catch (error) {
    if (error instanceof StartupError) process.stderr.write(`wami: ${error.message}\n`);
    else logger.error({ ...describeError(error), stack: error instanceof Error ? error.stack : undefined }, 'start failed');
    process.exit(1);
  }
}
