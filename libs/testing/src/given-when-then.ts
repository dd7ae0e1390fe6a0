/// <reference types="jest" />

/** What the language needs of a decider; any with this shape will do. */
interface Decides<State, Command, Event> {
  readonly initialState: State;
  decide(state: State, command: Command): Event[];
  evolve(state: State, event: Event): State;
}

export interface Outcome<Event> {
  /** Just these events, in this order. */
  then(events: readonly Event[]): void;
  thenNothing(): void;
  /** Refused with an error of this `code`. */
  thenThrows(code: string): void;
}

/** `given(decider, past).when(command).then(events)`: a rule, told in events alone. */
export function given<State, Command, Event>(
  decider: Decides<State, Command, Event>,
  past: readonly Event[],
): { when(command: Command): Outcome<Event> } {
  const state = past.reduce((before, event) => decider.evolve(before, event), decider.initialState);
  return {
    when(command) {
      const decide = (): Event[] => decider.decide(state, command);
      return {
        then: (events) => expect(decide()).toEqual(events),
        thenNothing: () => expect(decide()).toEqual([]),
        thenThrows: (code) => expect(decide).toThrow(expect.objectContaining({ code })),
      };
    },
  };
}
