import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BINDING_EVENTS, IDENTITY_EVENTS, parseWamiEvent, type RecordedBindingEvent, type RecordedEvent } from '@wami/contracts';
import * as domain from './index';

const golden = (type: string): RecordedEvent => JSON.parse(readFileSync(join(__dirname, '../../contracts/src/events/golden', `${type}.json`), 'utf8')) as RecordedEvent;

interface AnyDecider {
  readonly initialState: unknown;
  readonly evolve: (state: unknown, event: RecordedEvent) => unknown;
}

/** `service-account` is decided by `serviceAccountDecider`. */
function deciderOf(type: string): AnyDecider | undefined {
  const name = (type.split('.')[1] ?? '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return (domain as unknown as Readonly<Record<string, AnyDecider | undefined>>)[`${name}Decider`];
}

const folded = IDENTITY_EVENTS.map(({ type }) => type as string).filter((type) => deciderOf(type));

describe('a golden event', () => {
  it.each(folded)('%s is folded by its decider, first in the stream and after all before it', (type) => {
    const decider = deciderOf(type);
    if (!decider) throw new Error('it was there a moment ago');
    const history = folded.slice(0, folded.indexOf(type) + 1).filter((one) => deciderOf(one) === decider).map((one) => parseWamiEvent(golden(one)));
    expect(() => decider.evolve(decider.initialState, parseWamiEvent(golden(type)))).not.toThrow();
    expect(history.reduce<unknown>((state, event) => decider.evolve(state, event), decider.initialState)).toBeDefined();
  });

  it.each(folded)('%s of somebody who was erased is folded all the same, with blanks', (type) => {
    const decider = deciderOf(type);
    const history = folded.slice(0, folded.indexOf(type) + 1).filter((one) => deciderOf(one) === decider).map((one) => parseWamiEvent({ ...golden(one), personal: {} }));
    expect(history.reduce<unknown>((state, event) => decider?.evolve(state, event), decider?.initialState)).toBeDefined();
  });

  it('finds the deciders', () => expect(folded.length).toBeGreaterThanOrEqual(15));

  it.each(BINDING_EVENTS.map(({ type }) => type))('%s is folded into the state of its binding', (type) => {
    const event = parseWamiEvent(golden(type)) as RecordedBindingEvent;
    expect(domain.evolveBinding(undefined, event)).toMatchObject({ operation: event.data.operation, intent: event.data.intent });
  });
});
