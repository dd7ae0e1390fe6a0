import { TEXT, type Table } from '../model/table';

/** An event that a sync service could not take in, as it told of it last. It belongs to no tenant: only operators of the installation see it. */
export interface DeadLetterRow {
  /** `<consumer>:<event>`. */
  readonly id: string;
  readonly consumer: string;
  readonly event: string;
  /** Number under which it was first told of: the order in which its consumer parked. */
  readonly number: number;
  readonly key: string;
  readonly type: string;
  /** Path of the tenant that the event is of. */
  readonly of_tenant: string;
  readonly reason: string;
  readonly attempts: number;
  readonly parked_at: string;
  readonly tried_at: string;
  readonly skipped_at: string | null;
  readonly skipped_by: string | null;
  readonly skip_reason: string | null;
  /** Null: it was taken in after all. */
  readonly state: 'parked' | 'skipped' | null;
}

export const DEAD_LETTERS_TOLD: Table<DeadLetterRow> = {
  name: 'dead_letters', key: ['id'], indexes: [{ name: 'line', on: '(consumer, key, number)' }, { name: 'order', on: '(consumer, number)' }], emptyWithout: ['state'],
  columns: {
    id: TEXT, consumer: TEXT, event: TEXT, number: 'bigint', key: TEXT, type: TEXT, of_tenant: TEXT, reason: TEXT, attempts: 'integer', parked_at: TEXT, tried_at: TEXT,
    skipped_at: TEXT, skipped_by: TEXT, skip_reason: TEXT, state: TEXT,
  },
};
