import { z } from 'zod';

const address = z.string().refine((text) => /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text), 'must be an http:// or https:// address');
const SAMPLERS = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;

/** OpenTelemetry's own names, for what is decided here; its other variables are read by its SDK. */
export const tracingConfigShape = {
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(255).optional(),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, { error: `must be one of ${SAMPLERS.join(', ')}` }).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number({ error: 'must be a number from 0 to 1' }).min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1').default(1),
  OTEL_BSP_SCHEDULE_DELAY: z.coerce.number({ error: 'must be milliseconds' }).int('must be milliseconds').min(1, 'must be at least 1').max(60_000, 'must be at most 60000').default(5_000),
  OTEL_BSP_MAX_QUEUE_SIZE: z.coerce.number({ error: 'must be a number of spans' }).int('must be a number of spans').min(1, 'must be at least 1').max(100_000, 'must be at most 100000').default(2_048),
  OTEL_SDK_DISABLED: z.string().transform((text) => text.toLowerCase() === 'true').default(false),
};

/** Where spans go, and which. Plain values: a thread is told them. */
export interface TracingSettings {
  /** The address that takes spans. */
  readonly url: string;
  /** In place of the service's own name. */
  readonly service?: string;
  readonly sampler: (typeof SAMPLERS)[number];
  /** Of which part of all traces spans are kept, where the sampler asks for that. */
  readonly ratio: number;
  /** Between two deliveries. */
  readonly delayMs: number;
  /** Spans that may wait; more are lost. */
  readonly queue: number;
}

type TracingConfig = z.infer<z.ZodObject<typeof tracingConfigShape>>;

/** Undefined where no address is given: nothing is traced then. */
export function tracingSettingsOf(config: TracingConfig): TracingSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole, OTEL_SERVICE_NAME: service, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  const url = whole ?? (base === undefined ? undefined : `${base.replace(/\/+$/, '')}/v1/traces`);
  if (url === undefined || config.OTEL_SDK_DISABLED) return undefined;
  return { url, sampler, ratio, delayMs: config.OTEL_BSP_SCHEDULE_DELAY, queue: config.OTEL_BSP_MAX_QUEUE_SIZE, ...(service === undefined ? {} : { service }) };
}
