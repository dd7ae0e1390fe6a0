import { findOwn, orAbsent } from './find-own';
import type { Observed, OwnershipMark } from './provider-adapter';
import { ProviderError } from './provider-error';

const mark: OwnershipMark = { instance: 'local', tenant: 'acme', id: 'usr_1', kind: 'user' };

function thing(name: string, providerResourceId: string, itsMark?: OwnershipMark): Observed {
  return {
    name,
    providerResourceId,
    nativeArn: `arn:${name}`,
    ...(itsMark ? { mark: itsMark } : {}),
    shape: { fields: {}, tags: {}, facets: {} },
    facetsRead: [],
  };
}

async function find(there: readonly Observed[], reference: { names: string[]; providerResourceId?: string }) {
  const asked: string[] = [];
  const found = await findOwn({ mark, ...reference }, async (name) => {
    asked.push(name);
    return there.find((one) => one.name === name);
  });
  return { name: found?.name, asked };
}

describe('ours is found', () => {
  it('by its lasting id, without looking further', async () => {
    expect(await find([thing('old', 'A1'), thing('new', 'A2', mark)], { names: ['old', 'new'], providerResourceId: 'A1' })).toEqual({
      name: 'old',
      asked: ['old'],
    });
  });
  it('by its mark where no id is known', async () => {
    expect(await find([thing('ann', 'A1', mark)], { names: ['ann'] })).toEqual({ name: 'ann', asked: ['ann'] });
  });
  it('by its mark where another one came in the place of the known id', async () => {
    expect((await find([thing('ann', 'A9', mark)], { names: ['ann'], providerResourceId: 'A1' })).name).toBe('ann');
  });
  it('under the new name where a rename went through unseen', async () => {
    expect(await find([thing('new', 'A1', mark)], { names: ['old', 'new'], providerResourceId: 'A1' })).toEqual({
      name: 'new',
      asked: ['old', 'new'],
    });
  });
  it('and the same name is asked for once', async () => {
    expect((await find([], { names: ['ann', 'ann'] })).asked).toEqual(['ann']);
  });
});

describe("a stranger's thing", () => {
  it('is shown under the name that ours should have', async () => {
    expect((await find([thing('new', 'X')], { names: ['old', 'new'], providerResourceId: 'A1' })).name).toBe('new');
  });
  it("is in nobody's way under a name that ours gave up", async () => {
    expect((await find([thing('old', 'X')], { names: ['old', 'new'], providerResourceId: 'A1' })).name).toBeUndefined();
  });
});

it('absent is undefined, every other refusal stays one', async () => {
  await expect(orAbsent(Promise.reject(new ProviderError('NotFound', 'no')))).resolves.toBeUndefined();
  await expect(orAbsent(Promise.reject(new ProviderError('AccessDenied', 'no')))).rejects.toMatchObject({ code: 'AccessDenied' });
});
