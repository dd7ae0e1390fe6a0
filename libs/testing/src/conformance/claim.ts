import type { Stage } from './stage';
import type { KindSample, RunningWitness } from './witness';

/** One sentence that must hold at every provider. `judge` rejects where it does not. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  /** Where the claim makes sense; absent: for every kind. */
  readonly appliesTo?: (sample: KindSample) => boolean;
  /** It is about a relation, and put for each that the kind has. */
  readonly perRelation?: boolean;
  /** What the witness must be able to do; undefined where it can, else why it cannot judge. */
  readonly needs?: (witness: RunningWitness) => string | undefined;
  judge(stage: Stage): Promise<void>;
}
