import type { MfaDeviceItem } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** Identity's events and those of engines come in any order. Nothing here is about a person. */
export interface MfaDeviceRow {
  readonly id: string;
  readonly arn: string;
  readonly tenant: string;
  /** '' until identity's own event arrived. */
  readonly owner: string;
  readonly device_name: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted: boolean;
  /** Forgotten with the device. */
  readonly issued: MfaDeviceItem['issued'];
}

export const MFA_DEVICES: Table<MfaDeviceRow> = {
  name: 'mfa_devices', key: ['id'], indexes: [{ name: 'owner', on: '(owner, id) WHERE NOT deleted' }],
  columns: { id: TEXT, arn: TEXT, tenant: TEXT, owner: TEXT, device_name: TEXT, version: 'integer', created_at: TEXT, updated_at: TEXT, deleted: 'boolean', issued: 'jsonb' },
};
