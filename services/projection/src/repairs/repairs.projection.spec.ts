import { parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { MemoryRows } from '../model/memory-rows';
import { repairs } from './repairs.projection';
import { REPAIR_COUNTS, REPAIR_ITEMS, REPAIRS, type RepairItemRow } from './repairs.table';

const REPAIR = 'rep_01JZW4M8T0REPA1R0000000001';
let places = 0;

function event(source: string, type: string, key: string, data: object): RecordedEvent {
  places += 1;
  return {
    id: `evt_${places}`, source, type, stream: source === 'identity' ? REPAIR : `aws/${REPAIR}`, version: places, position: `100.${places}`, key, tenant: 'acme',
    subject: `arn:wami:iam:acme:wami:local:repair/${REPAIR}`, time: '2026-01-01T00:00:00.000Z', meta: { actor: 'test', correlationId: 'c' }, data, personal: {},
  };
}

const requested = event('identity', 'wami.repair.requested.v1', REPAIR, { scope: '', dryRun: false, targets: [{ provider: 'aws', account: '1' }], expiresAt: '2026-01-02T00:00:00.000Z' });
const told = event('identity', 'wami.repair.told.v1', REPAIR, { stated: 2 });
const compared = (resource: string, differs: readonly string[]): RecordedEvent =>
  event('sync-aws', 'wami.sync.repair-compared.v1', resource, { repair: REPAIR, dryRun: false, resource, kind: 'user', provider: 'aws', differs, right: true, held: [] });
const outcome = (resource: string, changed: boolean, jobs: readonly string[]): RecordedEvent =>
  event('sync-aws', 'wami.sync.succeeded.v1', resource, { resource, kind: 'user', provider: 'aws', account: '1', intent: '1.1', version: 1, operation: 'update', changed, jobs });
const failed = (resource: string): RecordedEvent => event('sync-aws', 'wami.sync.failed.v1', resource, {
  resource, kind: 'user', provider: 'aws', account: '1', intent: '1.1', version: 1, operation: 'update', code: 'AccessDenied', retryable: false, retryCount: 0, jobs: [REPAIR],
});

async function fold(...batches: readonly (readonly RecordedEvent[])[]): Promise<{ rows: MemoryRows; items: readonly string[] }> {
  const rows = new MemoryRows(() => Promise.resolve(new Map()));
  let seq = 0;
  for (const batch of batches) await repairs.apply(rows, batch.map((one) => ({ ...parseWamiEvent({ ...one, ...(one.type.includes('failed') ? { personal: { message: 'no' } } : {}) }), seq: ++seq })));
  const items = ([...rows.all(REPAIR_ITEMS)] as RepairItemRow[]).map(({ resource, account, fields, action, code, is_right }) => [resource, account, ...fields, action, code, is_right ? 'right' : 'wrong'].filter((part) => part).join(' '));
  return { rows, items: items.sort() };
}

describe('repairs as they are shown', () => {
  it('are the same whoever is heard first', async () => {
    const orders = [[[requested, told], [compared('a', ['path'])]], [[compared('a', ['path'])], [told], [requested]]];
    for (const order of orders) {
      const { rows, items } = await fold(...order);
      expect(items).toEqual(['a path right']);
      expect([...rows.all(REPAIRS)]).toEqual([expect.objectContaining({ id: REPAIR, dry_run: false })]);
      expect([...rows.all(REPAIR_COUNTS)]).toEqual([{ repair: REPAIR, counter: 'total', count: 3 }]);
    }
  });

  it('keep what was found where the same is compared again and agrees, and add what differs then', async () => {
    expect((await fold([compared('a', ['path'])], [compared('a', [])])).items).toEqual(['a path right']);
    expect((await fold([compared('a', ['path']), compared('a', ['tags', 'path'])])).items).toEqual(['a path tags right']);
    expect((await fold([compared('a', [])])).items).toEqual([]);
  });

  it('tell of clouds what the look that they asked for changed or could not, and of no other job', async () => {
    expect((await fold([outcome('a', true, [REPAIR]), outcome('b', false, [REPAIR]), outcome('c', true, ['job_1']), failed('d')])).items).toEqual(['a 1 update right', 'd 1 error AccessDenied wrong']);
    expect((await fold([failed('d')], [outcome('d', true, [REPAIR])])).items).toEqual(['d 1 update right']);
  });
});
