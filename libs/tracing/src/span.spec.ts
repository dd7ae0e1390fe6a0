import { isTracing, startSpan, traced, tracedBatch, useTracer, type SpanOptions } from './span';
import { readTraceparent } from './traceparent';

const context = (trace: string, span = '1'): string => `00-${trace.repeat(32)}-${span.repeat(16)}-01`;
const event = (traceparent?: string) => ({ meta: traceparent === undefined ? {} : { traceparent } });

interface Told { readonly name: string; readonly options: SpanOptions; readonly error?: string | undefined }

/** Spans that ended while it was in use. */
async function tracing(work: () => Promise<unknown>): Promise<Told[]> {
  const told: Told[] = [];
  const stop = useTracer({ start: (name, options) => ({ traceparent: context('f'), end: (_, error) => { told.push({ name, options, error }); } }) });
  await work().catch(() => undefined);
  stop();
  return told;
}

describe('spans', () => {
  it('are none, and what is traced is done all the same, where there is no tracer', async () => {
    const options = jest.fn();
    expect(isTracing()).toBe(false);
    expect(startSpan('x')).toBeUndefined();
    expect(await traced('x', options, () => Promise.resolve(7))).toBe(7);
    expect(await tracedBatch('x', {}, [event(context('a'))], () => Promise.resolve(8))).toBe(8);
    expect(options).not.toHaveBeenCalled();
  });

  it('end with the code of what went wrong, which comes out as it was', async () => {
    const error = new RangeError('words of somebody');
    expect(await tracing(() => expect(traced('x', () => ({}), () => Promise.reject(error))).rejects.toBe(error))).toEqual([{ name: 'x', options: {}, error: 'RangeError' }]);
    expect(await tracing(() => traced('x', () => ({}), () => Promise.reject(error), () => 'Throttled'))).toMatchObject([{ error: 'Throttled' }]);
  });

  it('of a batch: each span that an event was told in has one, with how many of the events are its own', async () => {
    const batch = [event(context('a', '1')), event(), event(context('b', '2')), event(context('a', '3')), event(context('a', '1')), event('nonsense')];
    const told = await tracing(() => tracedBatch('fold', { kind: 'consumer' }, batch, () => Promise.resolve()));
    expect(told.map(({ name, options: { parent, attributes } }) => [name, parent, attributes])).toEqual([
      ['fold', context('a', '1'), { 'wami.events': 2, 'wami.batch': 6 }], ['fold', context('b', '2'), { 'wami.events': 1, 'wami.batch': 6 }], ['fold', context('a', '3'), { 'wami.events': 1, 'wami.batch': 6 }],
    ]);
  });

  it('of a batch that failed say so, and of a batch of very many there are not as many', async () => {
    const batch = Array.from({ length: 1000 }, (_, i) => event(`00-${String(i + 1).padStart(32, '0')}-${'1'.repeat(16)}-01`));
    const told = await tracing(() => tracedBatch('fold', {}, batch, () => Promise.reject(new TypeError('words'))));
    expect(told).toHaveLength(100);
    expect(new Set(told.map(({ error }) => error))).toEqual(new Set(['TypeError']));
  });
});

it.each([
  ['as it should be', context('a'), true], ['of a later version', `cc${context('a').slice(2)}`, true], ['of the version that is none', `ff${context('a').slice(2)}`, false],
  ['no trace', context('0'), false], ['no span', context('a', '0'), false], ['in capitals', context('A'), false], ['too long', `${context('a')}-more`, false], ['twice', [context('a')], false], ['nothing', undefined, false],
])('a trace context is read or left: %s', (_, header, taken) => {
  expect(readTraceparent(header)).toBe(taken ? header : undefined);
});
