import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics of one process. Labels hold no id and no mail address. */
export class Metrics {
  readonly registry = new Registry();
  private readonly others: (() => Promise<string>)[] = [];

  /** @param service where it is left out, nothing is told of the process itself: for a part whose metrics go with those of another */
  constructor(service?: string) {
    if (service === undefined) return;
    collectDefaultMetrics({ register: this.registry });
    this.gauge('wami_build_info', 'Which service this is', ['service']).set({ service }, 1);
  }

  /** What another part of the process has to tell, in Prometheus' text format; where it has names of this one, its labels are others. */
  alsoFrom(other: () => Promise<string>): void {
    this.others.push(other);
  }

  async text(): Promise<string> {
    return mergedText(await Promise.all([this.registry.metrics(), ...this.others.map((other) => other())]));
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = [], collect?: (gauge: Gauge<L>) => void | Promise<void>): Gauge<L> {
    const gauge: Gauge<L> = new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry], ...(collect ? { collect: () => collect(gauge) } : {}) });
    return gauge;
  }

  histogram<L extends string>(name: string, help: string, labelNames: readonly L[], buckets: readonly number[]): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] });
  }
}

/** The samples of one name stand together under one `# HELP`, as the format asks for. */
function mergedText(texts: readonly string[]): string {
  const families = new Map<string, string>();
  for (const family of texts.flatMap((text) => text.split(/^(?=# HELP )/m)).filter((text) => text.trim() !== '')) {
    const name = /^# HELP (\S+)/.exec(family)?.[1] ?? '';
    const known = families.get(name);
    families.set(name, known === undefined ? family.trimEnd() : `${known}\n${family.replace(/^#.*\n?/gm, '').trim()}`);
  }
  return `${[...families.values()].join('\n\n')}\n`;
}

/** Times every request by route template, never by the path with its ids. */
export function measureRequests(instance: Pick<FastifyInstance, 'addHook'>, metrics: Metrics): void {
  const duration = metrics.histogram('wami_http_request_duration_seconds', 'Time to answer', ['route', 'method', 'status'],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);
  instance.addHook('onResponse', (request, reply, done) => {
    duration.observe({ route: request.routeOptions.url ?? 'none', method: request.method, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}
