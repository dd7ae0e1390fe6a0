/** Pure and synchronous: what a command leads to, and what events amount to. Ids, instance and actor arrive in the command. */
export interface Decider<State, Command, Event> {
  readonly initialState: State;
  /** The events that follow; `[]` where nothing changes. @throws DomainError where the command is refused. */
  decide(state: State, command: Command): Event[];
  /** Never throws; an event that no longer matters leaves the state as it is. */
  evolve(state: State, event: Event): State;
}

/** Fails to compile where a switch forgot a case. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
