import { z } from 'zod';
import { tracingConfigShape, tracingSettingsOf } from './tracing-config';

const schema = z.object(tracingConfigShape);
const settings = (env: Record<string, string>) => tracingSettingsOf(schema.parse(env));
const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

it.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [COLLECTOR, 'http://collector:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
  [{ ...COLLECTOR, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/spans' }, 'http://other/spans'],
  [{ ...COLLECTOR, OTEL_SDK_DISABLED: 'TRUE' }, undefined],
])('spans go where OpenTelemetry\'s variables say: %j', (env, url) => {
  expect(settings(env)?.url).toBe(url);
});

it('all of them are kept unless a sampler is named, under the service\'s own name unless another is', () => {
  expect(settings(COLLECTOR)).toEqual({ url: 'http://collector:4318/v1/traces', sampler: 'parentbased_always_on', ratio: 1, delayMs: 5000, queue: 2048 });
  expect(settings({ ...COLLECTOR, OTEL_SERVICE_NAME: 'mine', OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' })).toMatchObject({ service: 'mine', sampler: 'traceidratio', ratio: 0.1 });
});

it.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'OTEL_BSP_SCHEDULE_DELAY', 'OTEL_BSP_MAX_QUEUE_SIZE'])('what makes no sense as %s is refused without saying what it was', (key) => {
  for (const value of ['secret://x', 'often']) {
    const { error } = schema.safeParse({ [key]: value });
    expect(error?.issues.map(({ path }) => path)).toEqual([[key]]);
    expect(error?.message).not.toContain(value);
  }
});
