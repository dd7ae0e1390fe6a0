import { parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { MemoryRows } from '../model/memory-rows';
import { drift } from './drift.projection';
import { DRIFT, SWEEPS, type DriftRow, type SweepRow } from './drift.table';

let places = 0;

function event(type: string, data: object, personal: object = {}): RecordedEvent {
  places += 1;
  const about = { resource: 'usr_1', kind: 'user', provider: 'aws', account: '1', intent: '1.1', version: 1, operation: 'update' };
  return {
    id: `evt_${places}`, source: 'sync-aws', type, stream: 'aws/1/usr_1', version: places, position: `100.${places}`, key: 'usr_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:user/usr_1',
    time: `2026-01-01T00:00:0${places % 10}.000Z`, meta: { actor: 'sync-aws', correlationId: 'c' }, data: type.startsWith('wami.sync.swept') || type.startsWith('wami.subject') ? data : { ...about, ...data }, personal,
  };
}

const drifted = (found: string): RecordedEvent => event('wami.sync.drifted.v1', { drift: 'changed', differs: ['tags/team'] }, { differences: [{ at: 'tags/team', expected: 'a', found }] });
const succeeded = (): RecordedEvent => event('wami.sync.succeeded.v1', { changed: true });
const swept = (compared: number): RecordedEvent => ({
  ...event('wami.sync.swept.v1', { provider: 'aws', account: '1', schedule: 'PT1H', nextAt: '2026-01-01T01:00:00.000Z', compared, found: [{ kind: 'user', seen: 3, unmanaged: 1 }], problems: [] }), stream: 'aws/1/ten_1', key: 'aws/1/ten_1',
});

async function fold(batches: readonly (readonly RecordedEvent[])[]): Promise<{ rows: DriftRow[]; sweeps: SweepRow[] }> {
  const rows = new MemoryRows(() => Promise.resolve(new Map()));
  let seq = 0;
  for (const batch of batches) await drift.apply(rows, batch.map((one) => ({ ...parseWamiEvent(one), seq: ++seq })));
  return { rows: [...(rows.all(DRIFT) as Iterable<DriftRow>)], sweeps: [...(rows.all(SWEEPS) as Iterable<SweepRow>)] };
}

describe('drift as it is shown', () => {
  it('is the last that was found of each resource at each target, open until the target agrees again', async () => {
    const history = [succeeded(), drifted('b'), succeeded(), drifted('c')];
    for (const batches of [[history], history.map((one) => [one])]) {
      expect((await fold(batches)).rows).toEqual([expect.objectContaining({ resource: 'usr_1', state: 'open', corrected_at: null, differences: [{ at: 'tags/team', expected: 'a', found: 'c' }] })]);
    }
    const ended = succeeded();
    expect((await fold([history, [ended], [succeeded()]])).rows).toEqual([expect.objectContaining({ state: 'corrected', corrected_at: ended.time })]);
  });

  it('ends where the target is not asked for any more', async () => {
    expect((await fold([[drifted('b'), event('wami.sync.unconfigured.v1', { reason: 'no' })]])).rows).toEqual([expect.objectContaining({ state: 'corrected' })]);
  });

  it.each([
    ['its policies are not there, for the adapter cannot hold them; all else is', 'corrected'],
    ['not related to group/grp_1 and 2 more, for that is Skipped at this target; all else is as it is to be', 'corrected'],
    ['its policies are not there, for the adapter cannot hold them; held by the guard: apr_1', 'open'],
    ['connection is in observe mode: would update', 'open'], ['an adapter has words of its own', 'open'],
  ])('ends where all but what is left out there is put right, and nowhere else that is Skipped: %s', async (reason, state) => {
    expect((await fold([[drifted('b'), event('wami.sync.skipped.v1', { reason })]])).rows).toEqual([expect.objectContaining({ state })]);
  });

  it('keeps no value of whom was erased, also where it is found later', async () => {
    const erased = event('wami.subject.erased.v1', { kind: 'user' });
    const blank = { differences: [{ at: 'tags/team' }] };
    expect((await fold([[drifted('b')], [erased]])).rows).toEqual([expect.objectContaining(blank)]);
    expect((await fold([[drifted('b'), erased]])).rows).toEqual([expect.objectContaining(blank)]);
    expect((await fold([[erased], [{ ...drifted('b'), personal: {} }]])).rows).toEqual([expect.objectContaining(blank)]);
  });

  it('comes with the last sweep of each target', async () => {
    expect((await fold([[swept(1), swept(2)], [swept(3)]])).sweeps).toEqual([expect.objectContaining({ id: 'aws/1/ten_1', tenant: 'acme', compared: 3, found: [{ kind: 'user', seen: 3, unmanaged: 1 }] })]);
  });
});
