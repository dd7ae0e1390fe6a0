import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes as OtelAttributes, type Context, type Link, type SpanContext, type Tracer as OtelTracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider, type Sampler,
} from '@opentelemetry/sdk-trace';
import type { TracingLog } from './open-tracing';
import { ReportingExporter } from './reporting-exporter';
import type { Attributes, Span, SpanOptions, Tracer } from './span';
import { readTraceparent } from './traceparent';
import type { TracingSettings } from './tracing-config';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const;

/** Spans by OpenTelemetry's SDK, sent in batches as JSON over HTTP. Only `openTracing` loads this. */
export function openOtel(service: string, settings: TracingSettings, logger: TracingLog): { readonly tracer: Tracer; readonly close: () => Promise<void> } {
  const named = resourceFromAttributes({ 'service.name': settings.service ?? service });
  const provider = new TracerProvider({
    // OTEL_RESOURCE_ATTRIBUTES adds to it.
    resource: defaultResource().merge(detectResources({ detectors: [envDetector] })).merge(named),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({
      exporter: new ReportingExporter(new OTLPTraceExporter({ url: settings.url }), logger), scheduledDelayMillis: settings.delayMs, maxQueueSize: settings.queue,
    })],
  });
  const spans = provider.getTracer('wami');
  return { tracer: { start: (name, options) => start(spans, name, options) }, close: () => provider.shutdown() };
}

function start(spans: OtelTracer, name: string, { kind = 'internal', parent, links = [], attributes = {}, startedAt }: SpanOptions): Span {
  const span = spans.startSpan(name, {
    kind: KINDS[kind], attributes: attributes as OtelAttributes, links: links.flatMap(linkTo), ...(startedAt === undefined ? {} : { startTime: startedAt }),
  }, contextOf(parent));
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`,
    end(more: Attributes = {}, error) {
      span.setAttributes(more as OtelAttributes);
      if (error !== undefined) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

function contextOf(traceparent: string | undefined): Context {
  const parent = spanContextOf(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function linkTo(traceparent: string): Link[] {
  const context = spanContextOf(traceparent);
  return context ? [{ context }] : [];
}

function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const text = readTraceparent(traceparent);
  return text === undefined ? undefined : { traceId: text.slice(3, 35), spanId: text.slice(36, 52), traceFlags: parseInt(text.slice(53), 16), isRemote: true };
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  switch (sampler) {
    case 'always_on': return new AlwaysOnSampler();
    case 'always_off': return new AlwaysOffSampler();
    case 'traceidratio': return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on': return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off': return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio': return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
