import { useTracer, type SpanOptions } from '@wami/tracing';
import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import { asideFor } from '../pauses/lay-aside';
import { due, evaluate } from '../fold/evaluate';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import { settle, type Settled } from '../record/settle';
import { ProviderError } from '@wami/provider-port';
import { startPass, tracesOf } from './pass-span';

const trace = (n: number): string => `00-${String(n).padStart(32, '0')}-${'1'.repeat(16)}-01`;
const cause = (n: number) => ({ actor: 'admin', correlationId: 'req_1', traceparent: trace(n) });
const RESOURCE = { id: 'usr_1', kind: 'user', tenant: 'acme', subject: 'arn', version: 3, deleted: false, document: {}, intent: '7.1' } as const;
const PRESENCE = { providerResourceId: 'i', nativeArn: 'a', name: 'n', fields: {}, tags: {}, facets: {}, observedAt: 1 };
const BORN = evaluate(undefined, '1', RESOURCE, { config: DEFAULT_SYNC_CONFIG, intent: '7.0' }, true, { touched: true, retag: false, lane: 0, cause: cause(1), now: 100 });
if (!BORN) throw new Error('it is wanted');
const { binding } = BORN;
const work = (of = binding): Work => ({ binding: of, resource: RESOURCE, config: DEFAULT_SYNC_CONFIG, relations: {}, ends: new Map(), lost: false });

describe('the trace of a pass', () => {
  it('is that of what last made it due, and is linked to what came before; of very many to the last', () => {
    const started: SpanOptions[] = [];
    const stop = useTracer({ start: (_, options) => { started.push(options); return { traceparent: trace(99), end: () => undefined }; } });
    const twice = due(binding, { lane: 0, cause: cause(3), now: 200, traces: [trace(2), trace(3)] }).binding;
    startPass(work(twice));
    let often = binding;
    for (let n = 2; n <= 50; n++) often = due(often, { lane: 0, cause: cause(n), now: 200 }).binding;
    startPass(work(often));
    stop();
    expect(started.map(({ parent, links }) => ({ parent, links }))).toEqual([
      { parent: trace(3), links: [trace(1), trace(2)] }, { parent: trace(50), links: [43, 44, 45, 46, 47, 48, 49].map(trace) },
    ]);
  });

  it('is found in a batch for each resource', () => {
    const event = (n?: number) => ({ meta: n === undefined ? {} : { traceparent: trace(n) } });
    expect(tracesOf([{ id: 'a', event: event(1) }, { id: 'b', event: event() }, { id: 'a', event: event(2) }])).toEqual(new Map([['a', [trace(1), trace(2)]]]));
  });
});

describe('what a pass leaves', () => {
  const SUCCEEDED: Outcome = { is: 'succeeded', operation: 'create', changed: true, presence: PRESENCE };
  const failed = (final: boolean): Outcome => ({ is: 'failed', error: new ProviderError('Unavailable', 'x', { effect: 'none' }), unfinished: false, lately: false, operation: 'create', presence: null, final });
  const settled = (outcome: Outcome, current = {}, before = {}): Settled | undefined => settle(
    { ...binding, claimed: true, state: 'Syncing', ...before, ...current }, work({ ...binding, ...before }), outcome,
    { provider: 'aws', now: 600, random: { next: () => 0.5 }, pausedUntil: undefined, visibilityMs: 1, sightMs: 1_000, stands: () => true, trace: trace(7) });

  it('its events are of its own trace; its next attempt is of the trace that asked for it', () => {
    const change = settled(failed(false));
    expect(change?.meta).toEqual({ ...cause(1), traceparent: trace(7) });
    expect(change?.binding.cause).toEqual(cause(1));
  });

  it.each([
    ['settled', SUCCEEDED, 500], ['given up', failed(true), 500], ['to be tried again', failed(false), undefined],
    ['held by a pause', { is: 'paused', by: { id: 'pau_1', tenant: 'acme', reason: 'freeze', startedAt: 'x' }, operation: 'create', presence: null } as unknown as Outcome, undefined],
  ] as const)('how long it took is told when it is at rest: %s', (_, outcome, ms) => {
    expect(settled(outcome)?.settledMs).toBe(ms);
  });

  it('what came in meanwhile is waited for from then on; what nobody asked for is not measured', () => {
    expect(settled(SUCCEEDED, { generation: 9 })).toMatchObject({ settledMs: 500, binding: { askedAt: 600 } });
    expect(settled(SUCCEEDED, {}, { askedAt: null })).not.toHaveProperty('settledMs');
    expect(settled(SUCCEEDED)?.binding.askedAt).toBeNull();
    expect(settled(failed(false))?.binding.askedAt).toBe(100);
    expect(asideFor({ id: 'p', tenant: '', reason: '', startedAt: '' } as never)).toMatchObject({ askedAt: null });
  });
});
