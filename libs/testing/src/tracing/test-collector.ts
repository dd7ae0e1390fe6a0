import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it arrived. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** '' where it begins its trace here. */
  readonly parentSpanId: string;
  /** Spans that it answers beside. */
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Set where it failed. */
  readonly failed: boolean;
}

/** Takes spans as OTLP's JSON over HTTP, as any collector of OpenTelemetry does. */
export interface TestCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  spans(): readonly CollectedSpan[];
  /** Of one trace: each with the names of its ancestors, the first ancestor first: `POST /v1/users > append`. Sorted. */
  paths(traceId: string): readonly string[];
  /** All that was sent, as it was. */
  text(): string;
  /** What each delivery was answered with; 200 unless told. */
  answers(status: number): void;
  close(): Promise<void>;
}

interface Value { readonly stringValue?: string; readonly intValue?: string | number; readonly boolValue?: boolean; readonly doubleValue?: number }
interface Attribute { readonly key: string; readonly value: Value }
interface Sent {
  readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string;
  readonly attributes?: readonly Attribute[]; readonly links?: readonly { readonly spanId: string }[]; readonly status?: { readonly code?: number };
}
interface Delivery { readonly resourceSpans: readonly { readonly resource: { readonly attributes: readonly Attribute[] }; readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[] }[] }

const FAILED = 2;

export async function startTestCollector(): Promise<TestCollector> {
  const bodies: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      if (status === 200 && request.url === '/v1/traces') bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const spans = (): CollectedSpan[] => bodies.flatMap((body) => (JSON.parse(body) as Delivery).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) => scope.spans.map((span) => toSpan(span, String(valuesOf(resource.attributes)['service.name']))))));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    paths: (traceId) => pathsOf(spans().filter((span) => span.traceId === traceId)),
    text: () => bodies.join('\n'),
    answers: (next) => { status = next; },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function toSpan({ name, traceId, spanId, parentSpanId = '', attributes = [], links = [], status }: Sent, service: string): CollectedSpan {
  return { service, name, traceId, spanId, parentSpanId, links: links.map((link) => link.spanId), attributes: valuesOf(attributes), failed: status?.code === FAILED };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue)]));
}

function pathsOf(spans: readonly CollectedSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const path = (span: CollectedSpan): string => {
    const parent = byId.get(span.parentSpanId);
    return parent ? `${path(parent)} > ${span.name}` : span.name;
  };
  return [...new Set(spans.map(path))].sort();
}
