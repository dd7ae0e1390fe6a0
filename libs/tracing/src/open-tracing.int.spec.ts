import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestCollector, type TestCollector } from '@wami/testing';
import { openTracing } from './open-tracing';
import { isTracing, startSpan, useTracer, type SpanOptions } from './span';
import type { TracingSettings } from './tracing-config';

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = `${CALLER.slice(0, -2)}00`;
const TRACING = join(__dirname, '..', 'dist', 'index.js');

interface Step { readonly name: string; readonly options: SpanOptions; readonly settings: TracingSettings }
interface Came { readonly traceparent: string; readonly said: readonly (readonly [object, string])[]; readonly closedMs: number; readonly traced: boolean }

/** One span each, opened before and closed after; in a process, since the exporter imports in a way that a test's module loader does not know. */
async function spansOf(steps: readonly Step[]): Promise<Came[]> {
  const script = `
    const { isTracing, openTracing, startSpan } = require(${JSON.stringify(TRACING)});
    const loaded = () => Object.keys(require.cache).filter((file) => file.includes('@opentelemetry'));
    (async () => {
      await (await openTracing('identity', undefined, console))();
      if (isTracing() || loaded().length > 0) throw new Error('something was loaded: ' + loaded());
      const came = [];
      for (const { name, options, settings } of JSON.parse(process.argv[1])) {
        const said = [];
        const close = await openTracing('sync-aws', settings, { warn: (...words) => said.push(words) });
        const span = startSpan(name, options);
        span.end({ 'wami.outcome': 'succeeded', left: undefined }, options.attributes?.failing);
        const began = Date.now();
        await close();
        came.push({ traceparent: span.traceparent, said, closedMs: Date.now() - began, traced: isTracing() });
      }
      process.stdout.write(JSON.stringify(came));
    })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, JSON.stringify(steps)], { timeout: 30_000 });
  return JSON.parse(stdout) as Came[];
}

describe('tracing', () => {
  let collector: TestCollector;
  let deaf: TestCollector;
  let came: readonly Came[];
  beforeAll(async () => {
    [collector, deaf] = await Promise.all([startTestCollector(), startTestCollector()]);
    deaf.answers(400);
    const settings: TracingSettings = { url: `${collector.url}/v1/traces`, sampler: 'parentbased_always_on', ratio: 1, delayMs: 5_000, queue: 100 };
    const step = (name: string, options: SpanOptions = {}, more: Partial<TracingSettings> = {}): Step => ({ name, options, settings: { ...settings, ...more } });
    came = await spansOf([
      step('one', { kind: 'server', parent: CALLER, links: [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'no context'], attributes: { 'wami.lane': 1 } }),
      step('not asked for', { parent: UNSAMPLED }), step('none', {}, { sampler: 'traceidratio', ratio: 0 }), step('all', { parent: UNSAMPLED }, { sampler: 'always_on', service: 'mine' }),
      step('failed', { parent: 'no context', attributes: { failing: 'Throttled' } }), step('lost', {}, { url: `${deaf.url}/v1/traces` }), step('away', {}, { url: 'http://127.0.0.1:9/v1/traces' }),
    ]);
  });
  afterAll(() => Promise.all([collector.close(), deaf.close()]));
  const sent = (name: string) => collector.spans().filter((span) => span.name === name);

  it('goes on with the trace of the caller, tells what was said, and delivers what is left when it ends', () => {
    const [{ traceparent = '', traced = true } = {}] = came;
    expect(sent('one')).toEqual([{
      service: 'sync-aws', name: 'one', traceId: CALLER.slice(3, 35), parentSpanId: CALLER.slice(36, 52), spanId: traceparent.slice(36, 52), links: ['b'.repeat(16)],
      attributes: { 'wami.lane': 1, 'wami.outcome': 'succeeded' }, failed: false,
    }]);
    expect(traceparent.slice(0, 35)).toBe(CALLER.slice(0, 35));
    expect(traced).toBe(false);
  });

  it('keeps what its caller keeps, and what the sampler says', () => {
    expect(came[1]?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
    expect([sent('not asked for'), sent('none'), sent('all').map(({ service }) => service)]).toEqual([[], [], ['mine']]);
  });

  it('begins a trace where what the caller gave is none, and says of a failure what kind it is', () => {
    expect(sent('failed')).toMatchObject([{ parentSpanId: '', failed: true, attributes: { 'error.type': 'Throttled' } }]);
  });

  it('says when spans are lost, and holds nobody up', () => {
    expect(came[5]?.said).toMatchObject([[{ spans: 1 }, 'spans were not delivered and are lost']]);
    expect(came[6]?.said).not.toEqual([]);
    expect(came[6]?.closedMs).toBeLessThan(10_000);
    expect(came.slice(0, 5).flatMap(({ said }) => said)).toEqual([]);
  });

  it('is nothing without an address, and else of whoever was opened last', async () => {
    const stopFirst = useTracer({ start: () => ({ traceparent: CALLER, end: () => undefined }) });
    await (await openTracing('identity', undefined, { warn: () => undefined }))();
    const stop = useTracer({ start: () => ({ traceparent: UNSAMPLED, end: () => undefined }) });
    stopFirst();
    expect(startSpan('x')?.traceparent).toBe(UNSAMPLED);
    stop();
    expect(isTracing()).toBe(false);
  });
});
