import { asItWas } from './as-it-was';
import { makePlan } from './make-plan';
import { keyOf, type Actual, type ActualRelation, type ActualThing } from './model';
import { isLinking, type PlannedChange } from './plan';

const user = (id: string, name: string, { tags = {}, tenant = 'acme', declaredBy }: { tags?: object; tenant?: string; declaredBy?: string } = {}): ActualThing =>
  ({ kind: 'user', tenant, name, id, version: 3, fields: { path: '/', tags }, ...(declaredBy === undefined ? {} : { declaredBy }) });
const tenant = (path: string): ActualThing => ({ kind: 'tenant', tenant: path, name: path, id: path, version: 1, fields: { syncConfig: {} } });
const crew: ActualThing = { kind: 'group', tenant: 'acme', name: 'crew', id: 'grp_C', version: 1, fields: { tags: {} } };
const member = (ofId: string): ActualRelation => ({ id: `mem_${ofId}`, kind: 'membership', toId: 'grp_C', ofId });
const holding = (things: readonly ActualThing[], relations: readonly ActualRelation[] = []): Actual =>
  ({ byKey: new Map(things.map((thing) => [keyOf(thing), thing])), byId: new Map(things.map((thing) => [thing.id, thing])), relations });

const said = (change: PlannedChange): string =>
  (isLinking(change) ? `${change.action} ${change.of.name} ${change.to.name}`
    : [change.action, change.thing.name, ...change.fields.map(({ field, from, to }) => `${field} ${String(from)} -> ${String(to)}`).sort()].join(' '));

async function backTo(then: Actual, now: Actual, within?: string): Promise<readonly string[]> {
  const { declaration, actual } = asItWas(then, now, within);
  const { changes, foreign, kept } = await makePlan(declaration, actual, { prune: true, adopt: true }, () => Promise.resolve(true));
  expect([foreign, kept]).toEqual([[], []]);
  return changes.map(said).sort();
}

describe('an organisation as it was', () => {
  it('is what is there, where nothing happened since: nothing is to be done', async () => {
    const all = holding([tenant('acme'), user('usr_A', 'ann', { tags: { team: 'core' }, declaredBy: 'org' }), crew], [member('usr_A')]);
    expect(await backTo(all, all)).toEqual([]);
  });

  it('has back the name, the tags and the mark of who is there still, and who is in a group', async () => {
    const then = holding([tenant('acme'), user('usr_A', 'ann', { tags: { team: 'core' }, declaredBy: 'org' }), user('usr_B', 'bob'), crew], [member('usr_A')]);
    const now = holding([tenant('acme'), user('usr_A', 'anna', { tags: { team: 'edge' } }), user('usr_B', 'bob'), crew], [member('usr_B')]);
    expect(await backTo(then, now)).toEqual(['add ann crew', 'change ann tags.declared-by undefined -> org tags.team edge -> core userName anna -> ann', 'remove bob crew']);
  });

  it('tells those whose names changed hands since by their ids', async () => {
    const then = holding([tenant('acme'), user('usr_A', 'ann'), user('usr_B', 'bob')]);
    const now = holding([tenant('acme'), user('usr_A', 'bob'), user('usr_B', 'ann'), user('usr_N', 'new')]);
    expect(await backTo(then, now)).toEqual(['change ann userName bob -> ann', 'change bob userName ann -> bob', 'delete new']);
    expect(await backTo(holding([tenant('acme'), user('usr_A', 'ann')]), holding([tenant('acme'), user('usr_A', 'anna'), user('usr_N', 'ann')]))).toEqual(['change ann userName anna -> ann', 'delete ann']);
  });

  it('has again who was deleted since, and no more who was made since, whoever made it; nothing outside of the tenant is touched', async () => {
    const then = holding([tenant('acme'), user('usr_A', 'ann'), crew, tenant('other'), user('usr_Z', 'zed', { tenant: 'other' })], [member('usr_A')]);
    const now = holding([tenant('acme'), crew, user('usr_N', 'new', { declaredBy: 'org' }), tenant('other'), user('usr_Y', 'yan', { tenant: 'other', declaredBy: 'as-it-was' })]);
    expect(await backTo(then, now, 'acme')).toEqual(['add ann crew', 'create ann', 'delete new']);
    expect(await backTo(then, now)).toEqual(['add ann crew', 'create ann', 'create zed', 'delete new', 'delete yan']);
  });

  it('takes who has the name of one that was deleted since for that one, as what was made anew by going back', async () => {
    const then = holding([tenant('acme'), user('usr_A', 'ann'), crew], [member('usr_A')]);
    expect(await backTo(then, holding([tenant('acme'), user('usr_N', 'ann'), crew], [member('usr_N')]))).toEqual([]);
  });

  it('is bound to the very policies above the tenant, by the names that they have now; where one is gone nothing is planned', async () => {
    const policy = (id: string, name: string): ActualThing => ({ kind: 'policy', tenant: 'acme', name, id, version: 1, fields: { document: {}, tags: {} } });
    const holds: ActualRelation = { id: 'att_1', kind: 'attachment', toId: 'pol_P', ofId: 'usr_A' };
    const ann = user('usr_A', 'ann', { tenant: 'acme/team' });
    const then = holding([tenant('acme'), tenant('acme/team'), ann, policy('pol_P', 'base')], [holds]);
    expect(await backTo(then, holding([tenant('acme'), tenant('acme/team'), ann, policy('pol_P', 'base-old'), policy('pol_Q', 'base')], [holds]), 'acme/team')).toEqual([]);
    await expect(backTo(then, holding([tenant('acme'), tenant('acme/team'), ann, policy('pol_Q', 'base')]), 'acme/team')).rejects.toThrow('user ann of acme/team was bound to policy base of acme, which is there no more');
  });

  it('is not told where a limit that somebody had is not known of then', async () => {
    const limited = { ...user('usr_A', 'ann'), fields: { path: '/', tags: {}, permissionsBoundary: 'pol_X' } };
    await expect(backTo(holding([tenant('acme'), limited]), holding([tenant('acme'), limited]))).rejects.toThrow('user ann of acme was bound to pol_X, which is not known of then');
  });
});
