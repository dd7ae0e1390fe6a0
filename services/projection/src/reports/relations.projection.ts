import { ATTACHMENT_EVENTS, MEMBERSHIP_EVENTS, type RecordedAttachmentEvent, type RecordedMembershipEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { RELATIONS, type RelationRow } from './relations.table';

type Relation = RecordedMembershipEvent | RecordedAttachmentEvent;

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const last = (events as readonly (Relation & Ingested)[]).map(relationOf).map((row): [string, RelationRow] => [keyOf(RELATIONS, row), row]);
  await rows.put(RELATIONS, [...new Map(last).values()]);
}

function relationOf(event: Relation): RelationRow {
  switch (event.type) {
    case 'wami.membership.added.v1': return { holder: event.data.userId, held: event.data.groupId, kind: 'membership' };
    case 'wami.membership.removed.v1': return { holder: event.data.userId, held: event.data.groupId, kind: null };
    case 'wami.attachment.added.v1': return { holder: event.data.ownerId, held: event.data.policyId, kind: 'attachment' };
    case 'wami.attachment.removed.v1': return { holder: event.data.ownerId, held: event.data.policyId, kind: null };
  }
}

/** Who is in which group, and which policy is on whom. The key of each event is its holder's id, so one holder's come in order. */
export const relations: ReadModel = {
  name: 'relations', version: 1, tables: [RELATIONS], apply, byKey: { first: new Set(), resident: [] }, types: new Set([...MEMBERSHIP_EVENTS, ...ATTACHMENT_EVENTS].map(({ type }) => type)),
};
