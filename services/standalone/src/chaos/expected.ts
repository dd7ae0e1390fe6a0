export interface ExpectedUser {
  readonly id: string;
  name: string;
  path: string;
  tags: Record<string, string>;
  readonly groups: Set<string>;
  version: number;
}
export interface ExpectedGroup {
  readonly id: string;
  name: string;
  version: number;
}

/** What everything must be like according to the answers that WAMI gave. */
export class Expected {
  readonly users = new Map<string, ExpectedUser>();
  readonly groups = new Map<string, ExpectedGroup>();
  /** Last version before the deletion. */
  readonly deleted = new Map<string, number>();
  /** Commands that were answered with a success. */
  acknowledged = 0;
  /** Commands that were sent again with the same key because nothing was answered, or a 5xx. */
  repeated = 0;
  /** Answers that asked to send it again later. */
  unavailable = 0;
  /** How often an answer promised this event of this stream. */
  readonly events = new Map<string, number>();
  /** Answers that a correct command must never get: a refusal, or an error that does not say when to send it again. */
  readonly refused: string[] = [];

  /** An answer says that this happened, once more. */
  note(type: string, stream: string): void {
    const event = `${type} ${stream}`;
    this.events.set(event, (this.events.get(event) ?? 0) + 1);
  }

  deleteUser({ id, version }: ExpectedUser): void {
    this.users.delete(id);
    this.deleted.set(id, version);
  }

  deleteGroup({ id, version }: ExpectedGroup): void {
    this.groups.delete(id);
    this.deleted.set(id, version);
    for (const { groups } of this.users.values()) groups.delete(id);
  }

  membersOf(group: string): string[] {
    return [...this.users.values()].filter(({ groups }) => groups.has(group)).map(({ id }) => id).sort();
  }
}
