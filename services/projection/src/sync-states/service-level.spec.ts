import { parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { MemoryRows } from '../model/memory-rows';
import { syncStates } from './sync-states.projection';
import { SYNC_RESTED, type RestedRow } from './sync-states.table';

const BEGAN = Date.parse('2026-01-01T00:00:00.000Z');
const after = (seconds: number): string => new Date(BEGAN + seconds * 1000).toISOString();
let places = 0;

function event(source: 'identity' | 'sync-aws', type: string, seconds: number, data: object, more: object = {}): RecordedEvent {
  places += 1;
  return {
    id: `evt_${places}`, source, type, stream: source === 'identity' ? 'usr_1' : 'aws/1/usr_1', version: places, position: `100.${places}`, key: 'usr_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:user/usr_1',
    time: after(seconds), meta: { actor: 'a', correlationId: 'c' }, data, personal: {}, ...more,
  };
}
const changed = (seconds: number): RecordedEvent => event('identity', 'wami.user.created.v1', seconds, { path: '/', tags: {} }, { personal: { userName: 'ann' } });
const said = (type: string, of: RecordedEvent, seconds: number, more: object, personal: object = {}): RecordedEvent =>
  event('sync-aws', `wami.sync.${type}.v1`, seconds, { resource: 'usr_1', kind: 'user', provider: 'aws', account: '1', intent: of.position, version: 1, operation: 'create', ...more }, { personal });
const failed = (of: RecordedEvent, seconds: number, more: object = {}): RecordedEvent => said('failed', of, seconds, { code: 'InvalidRequest', retryable: false, retryCount: 0, ...more }, { message: 'no' });
const synced = (of: RecordedEvent, seconds: number): RecordedEvent => said('succeeded', of, seconds, { changed: true });
const started = (of: RecordedEvent, seconds: number): RecordedEvent => said('started', of, seconds, { attempt: 1 });

/** Outcome -> how often, whatever batches the events come in. */
async function counted(events: readonly RecordedEvent[]): Promise<Readonly<Record<string, number>>> {
  const all = await Promise.all([[events], events.map((one) => [one])].map(async (batches) => {
    const times = new Map<string, string>();
    const rows = new MemoryRows((positions) => Promise.resolve(new Map(positions.flatMap((position) => (times.has(position) ? [[position, times.get(position) ?? ''] as const] : [])))));
    let seq = 0;
    for (const batch of batches) {
      for (const { source, position, time } of batch) if (source === 'identity') times.set(position, time);
      await syncStates.apply(rows, batch.map((one) => ({ ...parseWamiEvent(one), seq: ++seq })));
    }
    const settled = [...(rows.all(SYNC_RESTED) as Iterable<RestedRow>)];
    return Object.fromEntries(['in-time', 'late', 'failed', 'recovered'].flatMap((outcome) => {
      const count = settled.filter((row) => row.outcome === outcome && row.tenant === 'acme' && row.provider === 'aws' && row.account === '1').reduce((sum, row) => sum + row.count, 0);
      return count === 0 ? [] : [[outcome, count]];
    }));
  }));
  expect(all[0]).toEqual(all[1]);
  return all[0] ?? {};
}

describe('a change counts once for the service level of a target, by how it first came to rest', () => {
  const change = changed(0);
  it.each([
    ['in time up to five minutes', [change, synced(change, 300), synced(change, 400)], { 'in-time': 1 }],
    ['late after that', [change, synced(change, 301)], { late: 1 }],
    ['not failed as long as it is tried again', [change, failed(change, 5, { nextRetryAt: after(10) }), synced(change, 12)], { 'in-time': 1 }],
    ['failed once, however often it fails', [change, failed(change, 5), started(change, 20), failed(change, 21)], { failed: 1 }],
    ['failed, also where it succeeds after somebody asked again', [change, failed(change, 5), started(change, 20), synced(change, 21)], { failed: 1, recovered: 1 }],
    ['the same where its outcome is heard of first', [synced(change, 10), change], { 'in-time': 1 }],
  ] as const)('%s', async (_, events, expected) => {
    expect(await counted(events)).toEqual(expected);
  });

  it('and the next change counts anew', async () => {
    const next = event('identity', 'wami.user.updated.v1', 1000, { path: '/eng/' });
    expect(await counted([change, failed(change, 5), next, synced(next, 1010)])).toEqual({ failed: 1, 'in-time': 1 });
  });
});
