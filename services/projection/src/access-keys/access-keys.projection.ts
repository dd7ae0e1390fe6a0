import { ACCESS_KEY_EVENTS, SYNC_KEY_EVENTS, type RecordedAccessKeyEvent, type RecordedSyncKeyEvent } from '@wami/contracts';
import { foldById, withMade } from '../issued/fold-issued';
import type { Ingested, ReadModel } from '../model/read-model';
import { ACCESS_KEYS, type AccessKeyRow } from './access-keys.table';

type Heard = (RecordedAccessKeyEvent | RecordedSyncKeyEvent) & Ingested;

function unheardOf({ key, subject, tenant }: Heard): AccessKeyRow {
  return { id: key, arn: subject, tenant, owner: '', owner_kind: '', status: 'active', version: 0, created_at: '', updated_at: '', deleted: false, issued: [] };
}

function evolve(row: AccessKeyRow, event: Heard): AccessKeyRow {
  const own = { version: event.version, updated_at: event.time };
  switch (event.type) {
    case 'wami.access-key.created.v1': return { ...row, ...own, owner: event.data.ownerId, owner_kind: event.data.ownerKind, created_at: event.time };
    case 'wami.access-key.activated.v1': return { ...row, ...own, status: 'active' };
    case 'wami.access-key.deactivated.v1': return { ...row, ...own, status: 'inactive' };
    case 'wami.access-key.deleted.v1': return { ...row, ...own, deleted: true, issued: [] };
    case 'wami.sync.key-issued.v1': return row.deleted ? row : { ...row, issued: withMade(row.issued, event.data, issuedBy(event)) };
  }
}

type Issued = Extract<Heard, { type: 'wami.sync.key-issued.v1' }>;

function issuedBy({ data: { provider, account }, personal: { accessKeyId, sealedSecret }, time }: Issued): AccessKeyRow['issued'][number] | undefined {
  return accessKeyId === undefined || sealedSecret === undefined ? undefined : { provider, account, accessKeyId, issuedAt: time, sealedSecret };
}

/** Access keys, and what targets made of them. */
export const accessKeys: ReadModel = {
  name: 'access-keys', version: 1, tables: [ACCESS_KEYS], apply: foldById(ACCESS_KEYS, unheardOf, evolve), byKey: { first: new Set(), resident: [] }, types: new Set([...ACCESS_KEY_EVENTS, ...SYNC_KEY_EVENTS].map(({ type }) => type)),
};
