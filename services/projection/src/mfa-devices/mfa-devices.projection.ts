import { MFA_DEVICE_EVENTS, SYNC_SEED_EVENTS, type RecordedMfaDeviceEvent, type RecordedSyncSeedEvent } from '@wami/contracts';
import { foldById, withMade } from '../issued/fold-issued';
import type { Ingested, ReadModel } from '../model/read-model';
import { MFA_DEVICES, type MfaDeviceRow } from './mfa-devices.table';

type Heard = (RecordedMfaDeviceEvent | RecordedSyncSeedEvent) & Ingested;

function unheardOf({ key, subject, tenant }: Heard): MfaDeviceRow {
  return { id: key, arn: subject, tenant, owner: '', device_name: '', version: 0, created_at: '', updated_at: '', deleted: false, issued: [] };
}

function evolve(row: MfaDeviceRow, event: Heard): MfaDeviceRow {
  const own = { version: event.version, updated_at: event.time };
  switch (event.type) {
    case 'wami.mfa-device.created.v1': return { ...row, ...own, owner: event.data.ownerId, device_name: event.data.deviceName, created_at: event.time };
    case 'wami.mfa-device.deleted.v1': return { ...row, ...own, deleted: true, issued: [] };
    case 'wami.sync.seed-issued.v1': return row.deleted ? row : { ...row, issued: withMade(row.issued, event.data, issuedBy(event)) };
  }
}

type Issued = Extract<Heard, { type: 'wami.sync.seed-issued.v1' }>;

function issuedBy({ data: { provider, account }, personal: { serialNumber, sealedSeed }, time }: Issued): MfaDeviceRow['issued'][number] | undefined {
  return serialNumber === undefined || sealedSeed === undefined ? undefined : { provider, account, serialNumber, issuedAt: time, sealedSeed };
}

/** MFA devices, and what targets made of them. */
export const mfaDevices: ReadModel = {
  name: 'mfa-devices', version: 1, tables: [MFA_DEVICES], apply: foldById(MFA_DEVICES, unheardOf, evolve), byKey: { first: new Set(), resident: [] }, types: new Set([...MFA_DEVICE_EVENTS, ...SYNC_SEED_EVENTS].map(({ type }) => type)),
};
