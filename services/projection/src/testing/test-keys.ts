import { randomBytes } from 'node:crypto';
import type { RecordedEvent } from '@wami/contracts';
import { KeysUnavailable, PersonalData, type SubjectKey, type SubjectKeys } from '@wami/event-store';

/** Keys as identity has them, which can be away. */
export class TestKeys implements SubjectKeys {
  readonly keys = new Map<string, SubjectKey>();
  away = false;
  /** How often it was asked while it was away. */
  refusals = 0;

  /** As one service remembers them. */
  remembered(): PersonalData {
    return new PersonalData({ keys: this });
  }

  find(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    if (this.away) {
      this.refusals++;
      return Promise.reject(new KeysUnavailable('identity does not answer'));
    }
    return Promise.resolve(new Map(subjects.flatMap((subject) => {
      const key = this.keys.get(subject);
      return key === undefined ? [] : [[subject, key] as const];
    })));
  }

  /** The events as the log carries them. */
  async sealed(events: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
    for (const { key } of events) if (!this.keys.has(key)) this.keys.set(key, randomBytes(32));
    const { personal } = await this.remembered().seal(events.map((event) => ({ event, id: event.id, personal: JSON.stringify(event.personal) })), false);
    return events.map((event, i) => ({ ...event, personal: personal[i] }));
  }
}
