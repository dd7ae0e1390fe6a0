const LongFirst = require('./jest-sequencer.cjs');

describe('the order of the specs', () => {
  it('names long ones that are there', () => expect(LongFirst.gone()).toEqual([]));

  const sorted = (names) => {
    const at = (path) => ({ path, context: { config: { id: 'x', cacheDirectory: '/nowhere', haste: {} }, hasteFS: { getSize: () => path.length } } });
    const sequencer = new LongFirst({ contexts: [], globalConfig: {} });
    sequencer.getCache = () => ({});
    return sequencer.sort(names.map(at)).map(({ path }) => path);
  };

  it('starts the longest first', () => {
    const [kills, matrix] = ['chaos/kill-points.e2e.spec.ts', 'access-matrix.e2e.spec.ts'].map((name) => require('node:path').join(__dirname, '..', 'services', 'standalone', 'src', name));
    expect(sorted(['/x.spec.ts', kills, '/x.e2e.spec.ts', matrix])).toEqual([matrix, kills, '/x.e2e.spec.ts', '/x.spec.ts']);
  });

  it('starts what starts processes before what is over in a moment, and the larger file of a kind first', () => {
    const order = ['/x.e2e.spec.ts', '/x.conformance.spec.ts', '/longer.int.spec.ts', '/x.int.spec.ts', '/very-long-name-of-a-large-file.spec.ts'];
    expect(sorted([...order].reverse())).toEqual(order);
  });
});
