import { readTraceparent } from './traceparent';

/** Ids, counts and codes; never a name, a mail address, a secret or anybody's words. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  /** Default `internal`. */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** Trace context that it belongs to; without one, or with one that is none, it begins a trace. */
  readonly parent?: string | undefined;
  /** Trace contexts of what it answers beside. */
  readonly links?: readonly string[];
  readonly attributes?: Attributes;
  /** Milliseconds since the epoch; default: now. */
  readonly startedAt?: number;
}

/** One step of a trace, until it ends. */
export interface Span {
  /** The trace context of what follows from it. */
  readonly traceparent: string;
  /** `error`: the code of what went wrong. */
  end(attributes?: Attributes, error?: string): void;
}

/** What makes spans; whatever it does, it does not throw and nobody waits for it. */
export interface Tracer {
  start(name: string, options: SpanOptions): Span;
}

/** Spans that one batch can stand below: of more, those whose events come later are not told. */
const MOST_PARENTS = 100;

let active: Tracer | undefined;

/** Makes it the one of this thread, until what comes back is called. */
export function useTracer(tracer: Tracer): () => void {
  active = tracer;
  return () => {
    if (active === tracer) active = undefined;
  };
}

/** Whether spans are made at all in this thread. */
export function isTracing(): boolean {
  return active !== undefined;
}

/** Undefined where nothing is traced: then this is all it costs. */
export function startSpan(name: string, options: SpanOptions = {}): Span | undefined {
  return active?.start(name, options);
}

/** Runs `work` within a span. `codeOf`: what to call an error of it. */
export async function traced<T>(name: string, options: () => SpanOptions, work: () => Promise<T>, codeOf: (error: unknown) => string = nameOf): Promise<T> {
  if (active === undefined) return work();
  const span = active.start(name, options());
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end({}, codeOf(error));
    throw error;
  }
}

/** Runs `work` on a batch of events that may have been told in many spans: each of them gets a span of it, at most so many. */
export async function tracedBatch<T>(name: string, { kind, attributes }: Pick<SpanOptions, 'kind' | 'attributes'>, events: readonly Traced[], work: () => Promise<T>): Promise<T> {
  const tracer = active;
  if (tracer === undefined) return work();
  const startedAt = Date.now();
  const tell = (error?: string): void => {
    for (const [parent, count] of parentsOf(events)) {
      tracer.start(name, { ...(kind ? { kind } : {}), parent, startedAt, attributes: { ...attributes, 'wami.events': count, 'wami.batch': events.length } }).end({}, error);
    }
  };
  try {
    const result = await work();
    tell();
    return result;
  } catch (error) {
    tell(nameOf(error));
    throw error;
  }
}

/** Whatever is told in events. */
export interface Traced {
  readonly meta: { readonly traceparent?: string };
}

/** The contexts that the events were told in, and how many events each has. */
function parentsOf(events: readonly Traced[]): Iterable<readonly [parent: string, count: number]> {
  const counts = new Map<string, number>();
  for (const { meta } of events) {
    const parent = readTraceparent(meta.traceparent);
    if (parent !== undefined && (counts.has(parent) || counts.size < MOST_PARENTS)) counts.set(parent, (counts.get(parent) ?? 0) + 1);
  }
  return counts;
}

/** The class alone: a message may quote anything. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
