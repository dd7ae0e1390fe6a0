import { heldBy } from './held-by';

describe('a trigger of the tenant that is off', () => {
  const triggers = { onCreate: true, onUpdate: false, onDelete: false };

  it.each([['update', 'onUpdate'], ['adopt', 'onUpdate'], ['delete', 'onDelete']] as const)('holds %s, and says which one and what to do', (operation, trigger) =>
    expect(heldBy({ triggers }, operation)).toBe(`the tenant's trigger ${trigger} is off; ask for a sync to carry it out`));

  it('holds nothing else', () => expect(heldBy({ triggers }, 'create')).toBeUndefined());
});
