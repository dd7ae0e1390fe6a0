import { TEXT, type Table } from '../model/table';

/**
 * A user in a group, or a policy on somebody: by ids alone. Requests do not read it by themselves, since what a group of a tenant above has is not the
 * caller's own and counts for its people all the same: see `AccessQueries`.
 */
export interface RelationRow {
  /** Whom it gives something: the user, or the owner of the policy. */
  readonly holder: string;
  /** The group or the policy. */
  readonly held: string;
  /** Null once it was taken away. */
  readonly kind: 'membership' | 'attachment' | null;
}

export const RELATIONS: Table<RelationRow> = {
  name: 'relations', key: ['holder', 'held'], indexes: [{ name: 'held', on: '(held)' }], emptyWithout: ['kind'], columns: { holder: TEXT, held: TEXT, kind: TEXT },
};
