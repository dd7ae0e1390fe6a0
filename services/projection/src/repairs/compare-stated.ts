import type { RecordedRepairEvent, RecordedSyncRepairEvent } from '@wami/contracts';
import type { PersonalData } from '@wami/event-store';
import type { ClientBase } from 'pg';
import type { WrittenModel } from '../ingest/apply-models';
import { eventsOfKeys } from '../ingest/read-events';
import { DatabaseRows } from '../model/database-rows';
import type { Ingested } from '../model/read-model';
import type { Table } from '../model/table';
import { resources as resourcesModel } from '../resources/resources.projection';
import { RESOURCES } from '../resources/resources.table';
import { syncStates } from '../sync-states/sync-states.projection';
import { SYNC_RESOURCES, SYNC_STATES } from '../sync-states/sync-states.table';
import { differingRows } from './differing-rows';
import { findingAt, saveFindings, type Finding } from './findings';
import { lostEvents, lostOutcomes } from './lost-events';
import { recount } from './recount';
import { refold } from './refold';

export type Stated = Extract<RecordedRepairEvent, { type: 'wami.repair.stated.v1' }> & Ingested;
export type Compared = Extract<RecordedSyncRepairEvent, { type: 'wami.sync.repair-compared.v1' }> & Ingested;

export interface ComparedParts {
  readonly schema: string;
  readonly personal: PersonalData;
  readonly written: readonly WrittenModel[];
}

const isStated = (event: Ingested): event is Stated => event.type === 'wami.repair.stated.v1';
const isCompared = (event: Ingested): event is Compared => event.type === 'wami.sync.repair-compared.v1';

/** So many resources are folded anew together. */
const CHUNK = 100;

/**
 * Compares the rows of each resource that a repair states with what its events make of it, after all events of the batch were folded; unless it is a dry
 * run the rows become that. Also compares with what was said of how many events there should be. To be called under the writer's lock.
 */
export async function compareStated(client: ClientBase, parts: ComparedParts, events: readonly Ingested[]): Promise<void> {
  const stated = events.filter(isStated);
  for (let at = 0; at < stated.length; at += CHUNK) await saveFindings(client, parts.schema, await compareChunk(client, parts, stated.slice(at, at + CHUNK)));
  await saveFindings(client, parts.schema, await lostOutcomes(client, parts.schema, events.filter(isCompared)));
}

async function compareChunk(client: ClientBase, { schema, personal, written }: ComparedParts, stated: readonly Stated[]): Promise<Finding[]> {
  const models = written.filter(({ model }) => model === resourcesModel || model === syncStates);
  const types = [...new Set(models.flatMap(({ model }) => [...model.types]))];
  const keys = [...new Set(stated.map(({ key }) => key))];
  const events = await eventsOfKeys(client, { schema, personal, types }, keys);
  const findings = lostEvents(stated, events);
  for (const { model, generation } of models) {
    const standing = new DatabaseRows(client, schema, generation);
    const made = await refold(model, standing, events);
    const compare = async <R extends object>(table: Table<R>, column: keyof R & string): Promise<R[]> => {
      const expected = await made.find(table, column, keys);
      const differing = differingRows(table, expected, await standing.find(table, column, keys));
      const wrong = stated.flatMap((one) => differing.filter(({ row }) => String(row[column]) === one.key).map((found) => ({ one, found })));
      findings.push(...wrong.map(({ one, found }) => findingAt(one, found.row, found.fields)));
      const mend = [...new Set(wrong.filter(({ one }) => !one.data.dryRun).map(({ one }) => one.key))];
      await standing.remove(table, column, mend);
      await standing.put(table, expected.filter((row) => mend.includes(String(row[column]))));
      return wrong.filter(({ one }) => mend.includes(one.key)).map(({ found }) => found.row);
    };
    if (model === resourcesModel) await compare(RESOURCES, 'id');
    else {
      await compare(SYNC_RESOURCES, 'id');
      const mended = await compare(SYNC_STATES, 'resource');
      await recount(client, schema, generation, [...new Set(mended.map(({ tenant }) => tenant))]);
    }
  }
  return findings;
}
