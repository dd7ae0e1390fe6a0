import type { RecordedBindingEvent, RecordedEvent, SyncConfigPatch } from '@wami/contracts';
import type { Foreigners } from './foreigners';

/** Judges what is done where a tenant does not only push: nothing is written while it pulls, and only what somebody else did is to become intent. */
export class DirectionOracle {
  constructor(private readonly written: () => readonly RecordedEvent[], private readonly foreigners: Foreigners, private readonly fail: (words: string) => void) {}

  /** To become intent. */
  pulled({ key, data }: RecordedEvent): void {
    if (!this.foreigners.hadHandsOn(key)) this.fail(`of ${key} is to become intent what nobody else did: ${JSON.stringify(data)}`);
  }

  /** Where the log has one order: whoever carried out what was wanted at a place has read the settings before it. */
  succeeded({ tenant, data: { resource, intent, changed } }: Extract<RecordedBindingEvent, { type: 'wami.sync.succeeded.v1' }>): void {
    const settings = this.written().filter((event) => event.type === 'wami.tenant.sync-configured.v2' && event.tenant === tenant);
    const since = settings.findLastIndex((event) => placeOf(event.position) <= placeOf(intent));
    const pulls = settings.slice(since).every((event) => (event.data as { config: SyncConfigPatch }).config.direction === 'pull');
    if (changed && since >= 0 && pulls) this.fail(`${resource} was changed, and ${tenant} pulls`);
  }
}

function placeOf(position: string): number {
  return Number(position.split('.')[1]);
}
