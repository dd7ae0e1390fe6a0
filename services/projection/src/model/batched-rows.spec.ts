import type { Ingested } from './read-model';
import { BatchedRows } from './batched-rows';
import { MemoryRows } from './memory-rows';
import type { Table } from './table';

interface Note { readonly id: string; readonly of: string }
const NOTES: Table<Note> = { name: 'notes', columns: { id: 'text', of: 'text' }, key: ['id'], indexes: [] };
const OTHERS: Table<Note> = { ...NOTES, name: 'others' };

describe('rows whose changes are kept back', () => {
  it('are written when that is asked for, and not before', async () => {
    const memory = new MemoryRows();
    const rows = new BatchedRows(memory, []);
    await rows.put(NOTES, [{ id: 'a', of: 'x' }]);
    await rows.find(OTHERS, 'of', ['x']);
    expect([...memory.all(NOTES)]).toEqual([]);
    await Promise.all(rows.write());
    expect([...memory.all(NOTES)]).toEqual([{ id: 'a', of: 'x' }]);
    expect(rows.write()).toEqual([]);
  });

  it('are seen by whoever looks into their table, in the order in which they were changed', async () => {
    const rows = new BatchedRows(new MemoryRows(), []);
    await rows.put(NOTES, [{ id: 'a', of: 'x' }, { id: 'b', of: 'x' }]);
    await rows.remove(NOTES, 'id', ['a']);
    expect(await rows.find(NOTES, 'of', ['x'])).toEqual([{ id: 'b', of: 'x' }]);
    await rows.put(NOTES, [{ id: 'c', of: 'x' }]);
    expect(await rows.page(NOTES, 'of', 'x', 'a', 10)).toEqual([{ id: 'b', of: 'x' }, { id: 'c', of: 'x' }]);
  });

  it('know when the events happened that are being taken in, and of others what is stored', async () => {
    const stored = jest.fn((positions: readonly string[]) => Promise.resolve(new Map(positions.map((position) => [position, 'stored']))));
    const event = { source: 'identity', position: '7.1', time: 'now' } as Ingested;
    const rows = new BatchedRows(new MemoryRows(stored), [event, { ...event, source: 'sync-aws', position: '7.2' } as Ingested]);
    const times = await rows.eventTimes(['7.1', '7.2']);
    expect([times.get('7.1'), times.get('7.2')]).toEqual(['now', 'stored']);
    expect(stored).toHaveBeenCalledWith(['7.2']);
  });
});
