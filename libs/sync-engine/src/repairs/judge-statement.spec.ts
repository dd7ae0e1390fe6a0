import type { Resource } from '../fold/resource';
import { judgeStatement, type Stated } from './judge-statement';

const ANN: Resource = {
  id: 'usr_A', kind: 'user', tenant: 'acme', subject: 'arn', version: 3, deleted: false, document: { userName: 'ann', path: '/', tags: { a: '1', b: '2' } }, intent: '5.1',
};
const stated = (data: Partial<Stated['data']> = {}, personal: Stated['personal'] = { document: { userName: 'ann' } }): Stated => ({
  type: 'wami.repair.stated.v1', id: 'evt_1', source: 'identity', stream: 'rep_R', key: 'usr_A', tenant: 'acme', subject: 'arn', version: 2, position: '9.1', time: '2026-01-01T00:00:00Z',
  meta: { actor: 'admin', correlationId: 'c' }, personal,
  data: {
    repair: 'rep_R', within: 'acme', dryRun: false, kind: 'user', version: 3, deleted: false, upTo: '5.1', groups: ['grp_G'], policies: [], document: { path: '/', tags: { b: '2', a: '1' } }, ...data,
  },
});
const ENDS = { groups: ['grp_G'] };
const differs = (...args: Parameters<typeof judgeStatement>): readonly string[] => judgeStatement(...args).differs;

describe('a statement beside what an engine has', () => {
  it('agrees where it means the same', () => expect(judgeStatement(stated(), ANN, ENDS)).toEqual({ differs: [], ends: {} }));

  it.each<[string, Partial<Resource>, readonly string[]]>([
    ['a field', { document: { ...ANN.document, path: '/x/' } }, ['path']], ['a field too many', { document: { ...ANN.document, email: 'x' } }, ['email']],
    ['an event that was missed', { version: 2 }, ['version']], ['a resource that counts as deleted', { deleted: true }, ['deleted']], ['another tenant', { tenant: 'other' }, ['tenant']],
    ['a resource of which only later edits arrived', { version: 9, document: null }, ['missing']],
  ])('tells %s, and what would be right', (_, change, fields) => {
    const judgement = judgeStatement(stated(), { ...ANN, ...change }, ENDS);
    expect(judgement.differs).toEqual(fields);
    expect(judgement.resource).toEqual({ ...ANN, intent: '9.1' });
  });

  it('tells a resource that is not there', () =>
    expect(judgeStatement(stated(), undefined, {})).toEqual({ differs: ['missing'], resource: { ...ANN, intent: '9.1' }, ends: { groups: ['grp_G'] } }));

  it('says nothing of a document that is newer, nor of relations that moved since', () => {
    expect(differs(stated({ version: 2, document: { path: '/old/' } }), ANN, ENDS)).toEqual([]);
    expect(differs(stated({ groups: [] }), { ...ANN, intent: '6.1' }, ENDS)).toEqual([]);
    expect(differs(stated({ groups: [] }), ANN, ENDS)).toEqual(['groups']);
  });

  it('compares relations as sets', () => expect(differs(stated({ groups: ['grp_H', 'grp_G'] }), ANN, { groups: ['grp_G', 'grp_H'] })).toEqual([]));

  it('says nothing of somebody who was erased since: a name that is forgotten is no other name', () => expect(differs(stated({}, {}), { ...ANN, version: 1 }, {})).toEqual([]));

  it('tells a deletion that was missed, and keeps what has to be taken away', () => {
    const gone = stated({ version: 4, deleted: true, groups: [], document: {} }, {});
    expect(judgeStatement(gone, ANN, ENDS)).toEqual({ differs: ['deleted'], resource: { ...ANN, version: 4, deleted: true, intent: '9.1' }, ends: {} });
    expect(differs(gone, undefined, {})).toEqual([]);
    expect(differs(gone, { ...ANN, version: 4, deleted: true }, ENDS)).toEqual([]);
    expect(differs(gone, { ...ANN, version: 5 }, ENDS)).toEqual([]);
  });
});
