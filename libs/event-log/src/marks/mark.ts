import { comparePositions, LOG_START, type LogPosition, type PositionVector, type Source } from '@wami/contracts';
import type { Pool, PoolClient } from 'pg';
import { compareEpochs } from '../epoch';

/** The partition of a mark on the PostgreSQL transport, which has none. */
export const NO_PARTITION = -1;

/** How far a group is with one source in one partition: everything at or before `position` in `epoch` is done. */
export interface Mark {
  readonly source: Source;
  readonly partition: number;
  readonly epoch: string;
  readonly position: LogPosition;
  /** Kafka: where to read on; everything before it is done. '0' on PostgreSQL. */
  readonly nextOffset: string;
}

export interface MarkMove {
  readonly from: Mark;
  readonly to: Mark;
}

export type Slot = Pick<Mark, 'source' | 'partition'>;

/** Where marks are kept: a table of the subscriber's own, or memory for a subscription that keeps no position. */
export interface MarkStore {
  /** Whether `save` takes part in the handler's transaction; where not, it must wait until the handler resolved. */
  readonly transactional: boolean;
  /** Afterwards each slot has a mark. */
  prepare(slots: readonly Slot[]): Promise<void>;
  load(slots: readonly Slot[]): Promise<readonly Mark[]>;
  /**
   * All of it or nothing, inside the caller's transaction.
   * @throws StalePosition where a mark is no longer at its `from`.
   */
  save(moves: readonly MarkMove[], client?: Pool | PoolClient): Promise<void>;
}

export function freshMark({ source, partition }: Slot): Mark {
  return { source, partition, epoch: '', position: LOG_START, nextOffset: '0' };
}

export function sameMark(a: Mark, b: Mark): boolean {
  return a.epoch === b.epoch && a.position === b.position && a.nextOffset === b.nextOffset;
}

/** Where a record stands against a mark: `older` epochs are refused, `repeat`s dropped, `new` ones handled. */
export function standing(mark: Mark, epoch: string, position: LogPosition): 'new' | 'repeat' | 'older' {
  const order = compareEpochs(epoch, mark.epoch);
  if (order !== 0) return order > 0 ? 'new' : 'older';
  return comparePositions(position, mark.position) > 0 ? 'new' : 'repeat';
}

/** Up to where each source is done in every partition: the earliest of its marks. A partition behind in epoch has seen nothing of the newest. */
export function slowest(marks: readonly Mark[]): PositionVector {
  const vector: Record<string, LogPosition> = {};
  const epochs: Record<string, string> = {};
  for (const mark of marks) {
    const newest = epochs[mark.source];
    epochs[mark.source] = newest !== undefined && compareEpochs(newest, mark.epoch) > 0 ? newest : mark.epoch;
  }
  for (const mark of marks) {
    const position = mark.epoch === epochs[mark.source] ? mark.position : LOG_START;
    const known = vector[mark.source];
    vector[mark.source] = known !== undefined && comparePositions(known, position) <= 0 ? known : position;
  }
  return vector;
}
