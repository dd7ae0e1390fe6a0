import type { RecordedBindingEvent } from '@wami/contracts';
import { blankOutcome, evolveBinding, NOT_TOLD, visibleSyncState, type BindingIntent, type BindingOutcome } from './binding.fold';

const identity = { resource: 'usr_1', kind: 'user', tenant: 'acme', provider: 'aws', account: '1' };
const EARLY = '9.1';
const NOW = '10.2';
const LATE = '11.1';
const time = '2026-01-02T03:04:05.000Z';

type Told = { type: RecordedBindingEvent['type']; data?: object; personal?: object; intent?: string };

function event({ type, data = {}, personal = {}, intent = NOW }: Told): RecordedBindingEvent {
  const about = { resource: 'usr_1', kind: 'user', provider: 'aws', account: '1', intent, version: 3, operation: 'update', ...data };
  return {
    type,
    data: about,
    personal,
    time,
    id: 'evt_1',
    source: 'sync-aws',
    version: 1,
    position: '1.1',
    stream: 'aws/1/usr_1',
    key: 'usr_1',
    tenant: 'acme',
    subject: 'arn',
    meta: { actor: 'engine', correlationId: 'c' },
  } as RecordedBindingEvent;
}
const said = (told: Told): BindingOutcome => evolveBinding(undefined, event(told));
const intent = (more: Partial<BindingIntent> = {}): BindingIntent => ({
  wanted: true,
  deleted: false,
  intent: NOW,
  operation: 'update',
  updatedAt: 'earlier',
  ...more,
});
const seen = (before: Partial<BindingIntent>, outcome?: BindingOutcome) => visibleSyncState(identity, intent(before), outcome);

const succeeded = said({
  type: 'wami.sync.succeeded.v1',
  data: { changed: true },
  personal: { nativeArn: 'arn:aws:iam::1:user/ann', providerResourceId: 'AIDA1' },
});
const gone = said({ type: 'wami.sync.succeeded.v1', data: { changed: true, operation: 'delete' } });
const failed = said({
  type: 'wami.sync.failed.v1',
  data: { code: 'Throttled', retryable: true, retryCount: 2, nextRetryAt: time },
  personal: { message: 'Rate exceeded' },
});

describe('what everyone sees of a binding', () => {
  const common = { ...identity, operation: 'update', updatedAt: time };
  it.each<[string, BindingOutcome, object]>([
    ['requested is Pending', said({ type: 'wami.sync.requested.v1' }), { state: 'Pending' }],
    [
      'waiting is Pending with the reason',
      said({ type: 'wami.sync.waiting.v1', data: { reason: 'waiting for group/grp_1' } }),
      { state: 'Pending', reason: 'waiting for group/grp_1' },
    ],
    ['started is Syncing', said({ type: 'wami.sync.started.v1', data: { attempt: 2 } }), { state: 'Syncing', startedAt: time, attempt: 2 }],
    [
      'succeeded is Synced',
      succeeded,
      { state: 'Synced', syncedAt: time, version: 3, nativeArn: 'arn:aws:iam::1:user/ann', providerResourceId: 'AIDA1' },
    ],
    [
      'failed is Failed',
      failed,
      {
        state: 'Failed',
        error: { code: 'Throttled', message: 'Rate exceeded', retryable: true },
        failedAt: time,
        retryCount: 2,
        nextRetryAt: time,
      },
    ],
    ['skipped is Skipped', said({ type: 'wami.sync.skipped.v1', data: { reason: 'conflict' } }), { state: 'Skipped', reason: 'conflict' }],
    [
      'unconfigured is NotConfigured',
      said({ type: 'wami.sync.unconfigured.v1', data: { reason: 'no connection' } }),
      { state: 'NotConfigured', reason: 'no connection' },
    ],
  ])('%s', (_, outcome, state) => expect(seen({}, outcome)).toEqual({ ...common, ...state }));

  it("is the engine's last word, whatever it said before", () =>
    expect(evolveBinding(failed, event({ type: 'wami.sync.succeeded.v1', data: { changed: false } })).outcome.state).toBe('Synced'));
});

describe('before an engine has seen it', () => {
  it('what is wanted is Pending, never settled', () =>
    expect(seen({})).toEqual({ state: 'Pending', ...identity, operation: 'update', updatedAt: 'earlier' }));
  it('what waits for a trigger that is off says so', () =>
    expect(seen({ held: 'onCreate is off' })).toMatchObject({ state: 'Pending', reason: 'onCreate is off' }));
  it('what is not asked for is NotConfigured', () => expect(seen({ wanted: false })).toMatchObject({ state: 'NotConfigured' }));
  it('what was deleted before any cloud held it shows nothing', () => expect(seen({ wanted: false, deleted: true })).toBeUndefined());
});

describe('where identity has moved on since the engine spoke', () => {
  it('Synced is Pending again', () => expect(seen({ intent: LATE }, succeeded)).toMatchObject({ state: 'Pending', updatedAt: 'earlier' }));
  it('a deletion is Pending until the engine has carried it out', () =>
    expect(seen({ wanted: false, deleted: true, intent: LATE, operation: 'delete' }, succeeded)).toMatchObject({
      state: 'Pending',
      operation: 'delete',
    }));
  it('what is not asked for any more is NotConfigured', () =>
    expect(seen({ wanted: false, intent: LATE }, succeeded)).toMatchObject({ state: 'NotConfigured' }));
  it('places are compared as numbers: 9.1 is before 10.2', () =>
    expect(seen({ intent: EARLY }, succeeded)).toMatchObject({ state: 'Synced' }));
});

describe('after a deletion was carried out', () => {
  it('nothing is shown', () => expect(seen({ wanted: false, deleted: true }, gone)).toBeUndefined());
  it('what is wanted again is Pending', () => expect(seen({}, gone)).toMatchObject({ state: 'Pending' }));
  it('a deletion that failed is still shown', () =>
    expect(seen({ wanted: false, deleted: true }, failed)).toMatchObject({ state: 'Failed' }));
});

it('what the tenant does not ask for any more stays NotConfigured, whatever the engine last said', () =>
  expect(seen({ wanted: false }, succeeded)).toMatchObject({ state: 'NotConfigured' }));

describe('once the subject of a binding was erased', () => {
  const blank = (told: Told): unknown => blankOutcome(evolveBinding(undefined, event(told))).outcome;

  it('a failure keeps its code and its times, and none of the words of the provider', () =>
    expect(blank({
      type: 'wami.sync.failed.v1', data: { code: 'AccessDenied', retryable: true, retryCount: 2, nextRetryAt: time }, personal: { message: 'no ann', details: { name: 'ann' } },
    })).toEqual({ state: 'Failed', error: { code: 'AccessDenied', message: NOT_TOLD, retryable: true }, failedAt: time, retryCount: 2, nextRetryAt: time }));
  it('what was agreed keeps no native name', () =>
    expect(blank({ type: 'wami.sync.succeeded.v1', data: { changed: true }, personal: { nativeArn: 'arn:ann', providerResourceId: 'ANN' } }))
      .toEqual({ state: 'Synced', syncedAt: time, version: 3, nativeArn: '' }));
  it('the rest says nothing personal and stays', () => expect(blank({ type: 'wami.sync.skipped.v1', data: { reason: 'x' } })).toEqual({ state: 'Skipped', reason: 'x' }));
});
