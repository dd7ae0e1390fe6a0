import { fitting, stepped, type Entry } from './entries';

const entry = (label: string, about = ''): Entry => ({ group: 'Pages', label, about, choose: () => undefined });

describe('what a palette offers', () => {
  it('has every word that was typed somewhere, whatever its case', () => {
    const entries = [entry('Sync now', 'aws/1'), entry('Sync now', 'gcp/1'), entry('Plans')];
    expect(fitting(entries, ' GCP sync')).toEqual([entries[1]].map((one) => expect.objectContaining({ about: one?.about }) as unknown));
    expect(fitting(entries, ' ')).toHaveLength(3);
    expect(fitting(entries, 'aws plans')).toEqual([]);
  });

  it('is stepped through in a circle, and of nothing the first is none', () => {
    expect([stepped(2, 1, 3), stepped(0, -1, 3), stepped(0, 1, 3), stepped(0, 1, 0)]).toEqual([0, 2, 1, 0]);
  });
});
