import { ACCESS_KEY_EVENTS, SYNC_KEY_EVENTS, type RecordedAccessKeyEvent, type RecordedSyncKeyEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { ACCESS_KEYS, type AccessKeyRow } from './access-keys.table';

type Heard = (RecordedAccessKeyEvent | RecordedSyncKeyEvent) & Ingested;

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const heard = events as readonly Heard[];
  const keys = new Map((await rows.find(ACCESS_KEYS, 'id', [...new Set(heard.map(({ key }) => key))])).map((row) => [row.id, row]));
  for (const event of heard) keys.set(event.key, evolve(keys.get(event.key) ?? unheardOf(event), event));
  await rows.put(ACCESS_KEYS, [...keys.values()]);
}

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
    case 'wami.sync.key-issued.v1': return row.deleted ? row : { ...row, issued: [...row.issued.filter((one) => !isAt(one, event)), ...issuedBy(event)] };
  }
}

type Issued = Extract<Heard, { type: 'wami.sync.key-issued.v1' }>;

function isAt({ provider, account }: AccessKeyRow['issued'][number], { data }: Issued): boolean {
  return provider === data.provider && account === data.account;
}

function issuedBy({ data: { provider, account }, personal: { accessKeyId, sealedSecret }, time }: Issued): AccessKeyRow['issued'] {
  return accessKeyId === undefined || sealedSecret === undefined ? [] : [{ provider, account, accessKeyId, issuedAt: time, sealedSecret }];
}

/** Access keys, and what targets made of them. */
export const accessKeys: ReadModel = {
  name: 'access-keys', version: 1, tables: [ACCESS_KEYS], apply, byKey: { first: new Set(), resident: [] }, types: new Set([...ACCESS_KEY_EVENTS, ...SYNC_KEY_EVENTS].map(({ type }) => type)),
};
