const LongFirst = require('./jest-sequencer.cjs');

describe('the order of the specs', () => {
  it('names long ones that are there', () => expect(LongFirst.gone()).toEqual([]));

  it('starts the longest first', () => {
    const at = (path) => ({ path, context: { config: { id: 'x', cacheDirectory: '/nowhere', haste: {} }, hasteFS: { getSize: () => path.length } } });
    const [quick, kills, matrix] = ['/x.spec.ts', 'chaos/kill-points.e2e.spec.ts', 'access-matrix.e2e.spec.ts']
      .map((name) => at(name.startsWith('/') ? name : require('node:path').join(__dirname, '..', 'services', 'standalone', 'src', name)));
    const sequencer = new LongFirst({ contexts: [], globalConfig: {} });
    sequencer.getCache = () => ({});
    expect(sequencer.sort([quick, matrix, kills])).toEqual([kills, matrix, quick]);
  });
});
