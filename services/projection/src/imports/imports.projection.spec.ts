import { parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { MemoryRows } from '../model/memory-rows';
import { imports } from './imports.projection';
import { IMPORT_ITEMS, IMPORTS, type ImportItemRow, type ImportRow } from './imports.table';

const JOB = 'job_1';
let places = 0;

function event(source: string, type: string, data: object, personal: object): RecordedEvent {
  places += 1;
  return {
    id: `evt_${places}`, source, type, stream: source === 'identity' ? JOB : `aws/1/${JOB}`, version: places, position: `100.${places}`, key: JOB, tenant: 'acme',
    subject: `arn:wami:iam:acme:wami:local:sync-job/${JOB}`, time: '2026-01-01T00:00:00.000Z', meta: { actor: 'test', correlationId: 'c' }, data, personal,
  };
}

const about = { job: JOB, provider: 'aws', account: '1' };
const thing = (name: string): object => ({ providerResourceId: `AIDA${name}`, nativeArn: `arn:aws:iam::1:user/${name}`, nativeName: name, name, tags: {}, related: [] });
const requested = event('identity', 'wami.import.requested.v1', { provider: 'aws', account: '1', kinds: ['user'], adopt: true, scope: 'acme' }, { reason: '' });
const found = event('sync-aws', 'wami.sync.import-found.v1', { ...about, kind: 'user', chunk: 1, items: [{ item: 'a' }, { item: 'b' }, { item: 'c', obstacle: 'marked' }] },
  { things: { a: thing('ann'), b: thing('bob'), c: thing('carl') } });
const listed = event('sync-aws', 'wami.sync.import-listed.v1', { ...about, seen: 5, managed: 2, found: 2, problems: [{ kind: 'group', code: 'AccessDenied' }] }, { messages: { group: 'not you, ann' } });
const decided = event('identity', 'wami.import.decided.v1', { chunk: 1, items: [{ item: 'a', outcome: 'imported', resource: 'usr_A' }, { item: 'b', outcome: 'refused', code: 'NameTaken' }] }, { details: { b: 'bob is taken' } });
const erased = event('identity', 'wami.subject.erased.v1', { kind: 'import' }, {});

async function fold(batches: readonly (readonly RecordedEvent[])[]): Promise<{ rows: ImportRow[]; items: ImportItemRow[] }> {
  const rows = new MemoryRows(() => Promise.resolve(new Map()));
  let seq = 0;
  for (const batch of batches) await imports.apply(rows, batch.map((one) => ({ ...parseWamiEvent(one), seq: ++seq })));
  const sorted = [...(rows.all(IMPORT_ITEMS) as Iterable<ImportItemRow>)].sort((a, b) => (a.item < b.item ? -1 : 1));
  return { rows: [...(rows.all(IMPORTS) as Iterable<ImportRow>)], items: sorted };
}

describe('imports as they are shown', () => {
  it('are the same whichever service is heard first, and however their events are cut into batches', async () => {
    const expected = await fold([[requested, found, listed, decided]]);
    expect(expected.rows).toEqual([expect.objectContaining({ listed: true, seen: 5, managed: 2, told: 2, found: 2, imported: 1, refused: 1 })]);
    expect(expected.items.map(({ item, outcome, obstacle, code, resource }) => [item, outcome, obstacle, code, resource])).toEqual([
      ['a', 'imported', null, null, 'usr_A'], ['b', 'refused', null, 'NameTaken', null], ['c', null, 'marked', null, null],
    ]);
    for (const order of [[[found], [listed], [requested], [decided]], [[decided], [found, listed], [requested]], [[requested, decided], [found], [listed]], [[found, decided], [requested, listed]]]) {
      expect(await fold(order)).toEqual(expected);
    }
  });

  it('keep nothing of whom they found once they are forgotten, and their counts', async () => {
    for (const order of [[[requested, found, listed, decided], [erased]], [[requested, found, listed, decided, erased]]]) {
      const { rows, items } = await fold(order);
      expect(JSON.stringify([rows, items])).not.toMatch(/ann|bob|carl|AIDA/);
      expect(rows).toEqual([expect.objectContaining({ found: 2, imported: 1, refused: 1, problems: [{ kind: 'group', code: 'AccessDenied', message: '' }] })]);
      expect(items).toHaveLength(3);
    }
  });
});
