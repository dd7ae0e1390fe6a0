import { isWithinTenant, type RecordedBindingEvent } from '@wami/contracts';
import type { Intentions } from './intentions';

/** Judges that nothing begins that a pause holds. Where the log has one order, whoever has read what came after a pause has read the pause. */
export class PauseOracle {
  constructor(private readonly people: Pick<Intentions, 'pauses'>, private readonly fail: (words: string) => void) {}

  hear({ type, tenant: of, data: { resource, intent } }: RecordedBindingEvent): void {
    if (type !== 'wami.sync.started.v1') return;
    const read = Number(intent.split('.')[1]);
    const pause = this.people.pauses.all.find(({ place, over, only, tenant }) => !over && place < read && (only === undefined ? isWithinTenant(of, tenant) : only === resource));
    if (pause) this.fail(`${resource} is begun with, and ${pause.id} holds it`);
  }
}
