import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { TracingLog } from './open-tracing';

const SAID_EVERY_MS = 60_000;

/** Hands on to another exporter, and says in the log when that fails: the first time, and then at most once a minute with how many spans are lost. */
export class ReportingExporter implements SpanExporter {
  private lost = 0;
  private saidAt = -Infinity;

  constructor(private readonly exporter: SpanExporter, private readonly logger: TracingLog, private readonly now: () => number = () => performance.now()) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.exporter.export(spans, (result) => {
      // 0 is success; the enumeration would have to be loaded with another package.
      if (result.code !== 0) this.failed(spans.length, result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private failed(spans: number, error: Error | undefined): void {
    this.lost += spans;
    if (this.now() - this.saidAt < SAID_EVERY_MS) return;
    this.logger.warn({ spans: this.lost, error: error === undefined ? 'unknown error' : `${error.name}: ${error.message.split('\n')[0] ?? ''}`.slice(0, 300) }, 'spans were not delivered and are lost');
    this.saidAt = this.now();
    this.lost = 0;
  }
}
