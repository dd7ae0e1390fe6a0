import { Inject, Injectable } from '@nestjs/common';
import type { MfaDeviceItem } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import type { Page } from '../http/paging';
import { listOfOwner, type OwnedQuery } from '../issued/list-of-owner';
import { READER, SCHEMA } from '../ports';
import type { MfaDeviceRow } from './mfa-devices.table';

@Injectable()
export class MfaDevicesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  /** @throws ProblemError NotFound where there is no such user */
  list(scope: string, owner: string, query: OwnedQuery): Promise<Page<MfaDeviceItem>> {
    return listOfOwner(this.reader, this.schema, { table: 'mfa_devices', scope, kind: 'user', owner }, query, toItem);
  }
}

function toItem({ id, arn, version, tenant, owner, device_name, created_at, updated_at, issued }: MfaDeviceRow): MfaDeviceItem {
  return { id, arn, version, tenant, owner, deviceName: device_name, createdAt: created_at, updatedAt: updated_at, issued: [...issued] };
}
