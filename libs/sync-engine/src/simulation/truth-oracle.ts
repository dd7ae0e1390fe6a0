import type { RecordedBindingEvent } from '@wami/contracts';
import type { Foreigners } from './foreigners';
import type { SimulatedCloud } from './simulated-cloud';

/** Judges what is told by what stands there at that moment. */
export class TruthOracle {
  constructor(private readonly cloud: SimulatedCloud, private readonly foreigners: Foreigners, private readonly fail: (words: string) => void) {}

  /** What the engine did itself, also what came about late, is nobody's drift. */
  drifted(resource: string): void {
    if (!this.foreigners.hadHandsOn(resource)) this.fail(`${resource} is told to have drifted, and nobody else had hands on it`);
  }

  /** What was told to be there is there, unless others took it away; what was told to be gone is gone. */
  succeeded({ data: { resource, operation } }: Extract<RecordedBindingEvent, { type: 'wami.sync.succeeded.v1' }>): void {
    const standing = this.cloud.things.filter(({ mark }) => mark?.id === resource);
    if (operation === 'delete' && standing.length > 0) this.fail(`${resource} is told to be gone and stands there as ${standing.map(({ name }) => name).join(', ')}`);
    if (operation !== 'delete' && standing.length === 0 && !this.foreigners.hadHandsOn(resource)) this.fail(`${resource} is told to be synced and is not there`);
  }
}
