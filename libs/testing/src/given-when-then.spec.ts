import { given } from './given-when-then';

type Door = 'open' | 'shut';
const door = {
  initialState: 'shut' as Door,
  decide(state: Door, command: Door): Door[] {
    if (command === 'shut' && state === 'shut') throw Object.assign(new Error('it is shut'), { code: 'Shut' });
    return command === state ? [] : [command];
  },
  evolve: (_state: Door, event: Door): Door => event,
};

describe('given, when, then', () => {
  it('holds where the rule holds', () => {
    given(door, []).when('open').then(['open']);
    given(door, ['open']).when('open').thenNothing();
    given(door, ['open', 'shut']).when('shut').thenThrows('Shut');
  });

  it.each([
    ['other events', () => given(door, []).when('open').then(['shut'])],
    ['an event where nothing was due', () => given(door, []).when('open').thenNothing()],
    ['nothing where an event was due', () => given(door, ['open']).when('open').then(['open'])],
    ['another code', () => given(door, []).when('shut').thenThrows('Locked')],
    ['no refusal at all', () => given(door, []).when('open').thenThrows('Shut')],
  ])('fails for %s', (_, claim) => expect(claim).toThrow());
});
