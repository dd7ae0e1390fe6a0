export { openTracing, type TracingLog } from './open-tracing';
export { isTracing, startSpan, traced, tracedBatch, useTracer, type Attributes, type Span, type SpanOptions, type Traced, type Tracer } from './span';
export { readTraceparent } from './traceparent';
export { tracingConfigShape, tracingSettingsOf, type TracingSettings } from './tracing-config';
