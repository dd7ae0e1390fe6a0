import { useTracer } from './span';
import type { TracingSettings } from './tracing-config';

const CLOSE_MS = 2_000;

/** Where it is said that spans were lost. */
export interface TracingLog {
  warn(fields: object, message: string): void;
}

/**
 * Makes this thread tell what it does, where settings are given; what comes back sends what is left, for at most 2 seconds, and ends it. Without
 * settings nothing is loaded and nothing done. A collector that is away is said in the log now and then; spans beyond what the queue holds are lost.
 */
export async function openTracing(service: string, settings: TracingSettings | undefined, logger: TracingLog): Promise<() => Promise<void>> {
  if (settings === undefined) return () => Promise.resolve();
  // OpenTelemetry's SDK is a third of a service's start: only who asked for it pays.
  const { openOtel } = await import('./otel-tracer.js');
  const { tracer, close } = openOtel(service, settings, logger);
  const stop = useTracer(tracer);
  return async () => {
    stop();
    // What was refused was said when it was.
    let late: NodeJS.Timeout | undefined;
    const closed = await Promise.race([
      close().then(() => true, () => true), new Promise<false>((resolve) => { late = setTimeout(() => resolve(false), CLOSE_MS); }),
    ]).finally(() => clearTimeout(late));
    if (!closed) logger.warn({}, 'the last spans were not delivered in time and are lost');
  };
}
