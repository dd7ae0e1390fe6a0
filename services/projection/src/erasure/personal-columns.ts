import { blankOutcome, NOT_TOLD } from '@wami/domain';
import { DRIFT, type DriftRow } from '../drift/drift.table';
import { IMPORT_ITEMS, IMPORTS, type ImportItemRow, type ImportRow } from '../imports/imports.table';
import { RESOURCE_TAGS, RESOURCES, type ResourceRow } from '../resources/resources.table';
import { PAUSES, type PauseRow } from '../pauses/pauses.table';
import { SYNC_STATES, type SyncStateRow } from '../sync-states/sync-states.table';
import { PLAN_OPERATIONS, type PlanOperationRow } from '../plans/plans.table';
import type { AnyTable, Table } from '../model/table';

/** Columns of one table that may hold, in plain text, what is about the subject of a row. */
interface PersonalTable {
  readonly table: AnyTable;
  /** The column with the subject's id. */
  readonly subject: string;
  /** Every personal column of the row, as it is once the subject is erased; absent where no row is left. */
  readonly blank?: (row: object) => Readonly<Record<string, unknown>>;
}

export type ResourceBlanks = Pick<ResourceRow, 'name' | 'name_key' | 'tags' | 'document'>;
export type SyncStateBlanks = Pick<SyncStateRow, 'said' | 'body'>;

/** Tags are no place for names; but nobody needs those of somebody who is gone. */
export const blankResource = (): ResourceBlanks => ({ name: '', name_key: '', tags: {}, document: null });

/** Why a resource was paused is free text about it. */
export const blankPause = (): Pick<PauseRow, 'reason'> => ({ reason: '' });

export const blankSyncState = ({ said, body }: SyncStateBlanks): SyncStateBlanks => ({ said: said && blankOutcome(said), body: body && blankBody(body) });

/** What was planned stays, without names, values and words. */
export const blankOperation = (): Pick<PlanOperationRow, 'told'> => ({ told: null });

/** Where it differed stays, without a value. */
export const blankDrift = ({ differences }: Pick<DriftRow, 'differences'>): Pick<DriftRow, 'differences'> => ({ differences: differences.map(({ at }) => ({ at })) });

/** Of what was found only that something was. */
export const blankImportItem = (): Pick<ImportItemRow, 'thing' | 'detail'> => ({ thing: null, detail: null });

export const blankImport = ({ problems }: Pick<ImportRow, 'problems'>): Pick<ImportRow, 'problems'> => ({ problems: problems.map((problem) => ({ ...problem, message: '' })) });

/** A state without the cloud's words and names; `body` is what callers get of it. */
function blankBody(body: object): object {
  const { providerResourceId: _id, error, ...rest } = body as { readonly providerResourceId?: string; readonly nativeArn?: string; readonly error?: object };
  if (error !== undefined) {
    const { details: _details, ...said } = error as { readonly details?: object };
    return { ...rest, error: { ...said, message: NOT_TOLD } };
  }
  return 'nativeArn' in rest ? { ...rest, nativeArn: '' } : rest;
}

function personal<R extends object>(table: Table<R>, subject: keyof R & string, blank: (row: R) => Partial<R>): PersonalTable {
  return { table, subject, blank: (row) => blank(row as R) };
}

/** Every personal column of the read models: the one list of them. It is what erasing blanks, and what a test does not search for planted names. */
export const PERSONAL_TABLES: readonly PersonalTable[] = [
  personal(RESOURCES, 'id', blankResource),
  { table: RESOURCE_TAGS, subject: 'resource' },
  personal(SYNC_STATES, 'resource', blankSyncState),
  personal(PAUSES, 'resource', blankPause),
  personal(PLAN_OPERATIONS, 'resource', blankOperation),
  personal(IMPORT_ITEMS, 'job', blankImportItem),
  personal(IMPORTS, 'id', blankImport),
  personal(DRIFT, 'resource', blankDrift),
];

/** By the name of the table, of any generation: `resources`. Beside the read models an event that cannot be read is kept as a whole. */
export const PROJECTION_PERSONAL_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  resources: Object.keys(blankResource()), resource_tags: ['name', 'value'], sync_states: Object.keys(blankSyncState({ said: null, body: null })), pauses: Object.keys(blankPause()), plan_operations: Object.keys(blankOperation()),
  import_items: Object.keys(blankImportItem()), imports: Object.keys(blankImport({ problems: [] })), drift: Object.keys(blankDrift({ differences: [] })), parked: ['event'],
};
