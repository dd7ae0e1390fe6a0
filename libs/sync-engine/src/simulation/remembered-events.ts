import { idFrom, type LogPosition, type RecordedEvent } from '@wami/contracts';
import { AppendRefused, type Append, type AppendResult } from '@wami/event-store';

/** Identity's side of the log, kept in memory: it is given to the engine and is not what is tried. */
export class RememberedEvents {
  readonly events: RecordedEvent[] = [];
  private readonly versions = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  head(): Promise<LogPosition> {
    return Promise.resolve(`1.${this.events.length}`);
  }

  append({ stream, tenant, expectedVersion, events, meta }: Append): Promise<AppendResult> {
    const actualVersion = this.versions.get(stream) ?? 0;
    if (actualVersion !== expectedVersion) return Promise.reject(new AppendRefused({ code: 'VersionConflict', actualVersion }));
    const recorded = events.map((event, i): RecordedEvent => ({
      ...event, id: idFrom('event', this.now(), Buffer.from(String(this.events.length + i).padStart(10, '0'))), source: 'identity', tenant, meta,
      version: expectedVersion + i + 1, position: `1.${this.events.length + i + 1}`, time: new Date(this.now()).toISOString(),
    } as RecordedEvent));
    this.events.push(...recorded);
    this.versions.set(stream, expectedVersion + events.length);
    return Promise.resolve({ outcome: 'appended', version: expectedVersion + events.length, position: `1.${this.events.length}`, events: recorded });
  }
}
