import { heldBy, turnedOff } from './held-by';

describe('a trigger of the tenant that is off', () => {
  const triggers = { onCreate: true, onUpdate: false, onDelete: false };

  it.each([['update', 'onUpdate'], ['adopt', 'onUpdate'], ['delete', 'onDelete']] as const)('holds %s, and says which one and what to do', (operation, trigger) =>
    expect(heldBy({ triggers }, operation)).toBe(`the tenant's trigger ${trigger} is off; ask for a sync to carry it out`));

  it('holds nothing else', () => expect(heldBy({ triggers }, 'create')).toBeUndefined());
});

describe('what new settings turn off', () => {
  it('is what they say no to, or say nothing of any more', () => {
    expect(turnedOff({ onUpdate: true }, { onUpdate: false })).toEqual(['update']);
    expect(turnedOff(undefined, { onCreate: false, onDelete: false })).toEqual(['create', 'delete']);
    expect(turnedOff({ onDelete: true }, undefined)).toEqual(['delete']);
  });

  it('is nothing that was off, or is turned on', () => {
    expect(turnedOff({ onDelete: false }, { onDelete: false })).toEqual([]);
    expect(turnedOff({ onDelete: false }, { onDelete: true, schedule: 'PT1H' })).toEqual([]);
  });
});
