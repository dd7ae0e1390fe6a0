import type { Groundwork } from '@wami/provider-port';
import type { EngineLogger } from '../logger';
import type { Clock } from '../seams';
import type { Caller } from './caller';
import type { Ages } from './decide';
import type { Drift } from '../drift/difference';
import type { EndsNamed } from '../drift/known-ends';
import type { Listing } from '../targets/listing';
import type { Scene } from './pass';
import type { NoConnection } from './open';
import type { Work } from './work';

/** Another resource at the same target. */
export interface Holder {
  readonly kind: string;
  readonly tenant: string;
  /** Something is still to be done about it. */
  readonly restless: boolean;
  /** Nothing more is done about it by itself: it failed for good, or is held. */
  readonly rests: boolean;
  /** A pause holds it. */
  readonly paused: boolean;
  /** Its name at the target, as far as we know; null where it is gone. */
  readonly name: string | null;
  /** For whose name it waits, and for whose name that one waits, and so on. */
  readonly waitsFor: readonly string[];
}

/** Everything that a pass works with beside the binding itself. */
export interface Stage {
  readonly scene: Scene | NoConnection;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly ages: () => Ages;
  readonly logger: EngineLogger;
  /** Resolves when the target's credentials were accepted once. @throws ProviderError */
  readonly credentials: () => Promise<void>;
  /** What WAMI signs in as at the target, once that is known. */
  readonly principal?: () => string | undefined;
  readonly endsNamed: EndsNamed;
  /** Writes down what is to be known after an attempt whose answer is lost. @throws TargetLost */
  readonly note: (work: Work, groundwork: Groundwork) => Promise<void>;
  /** When this name of a kind may be given to this resource; undefined: now. */
  readonly freeAt: (kind: string, name: string, resource: string) => number | undefined;
  /** When this name of a kind was or may have been given to another resource; undefined: not lately. */
  readonly givenAt: (kind: string, name: string, resource: string) => number | undefined;
  readonly holder: (resource: string) => Promise<Holder | undefined>;
  /** One reading of everything of the kind, where many bindings are to be compared at once. */
  readonly listing: Listing | undefined;
  /** Says what somebody else changed, before anything is put right. */
  readonly drifted: (work: Work, drift: Drift) => Promise<void>;
}
