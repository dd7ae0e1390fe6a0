import { LOGIN_PROFILE_EVENTS, SYNC_PASSWORD_EVENTS, type RecordedLoginProfileEvent, type RecordedSyncPasswordEvent } from '@wami/contracts';
import { foldById, withMade } from '../issued/fold-issued';
import type { Ingested, ReadModel } from '../model/read-model';
import { LOGIN_PROFILES, type LoginProfileRow } from './login-profiles.table';

type Heard = (RecordedLoginProfileEvent | RecordedSyncPasswordEvent) & Ingested;

function unheardOf({ key, subject, tenant }: Heard): LoginProfileRow {
  return { id: key, arn: subject, tenant, owner: '', version: 0, created_at: '', updated_at: '', deleted: false, issued: [] };
}

function evolve(row: LoginProfileRow, event: Heard): LoginProfileRow {
  const own = { version: event.version, updated_at: event.time };
  switch (event.type) {
    case 'wami.login-profile.created.v1': return { ...row, ...own, owner: event.data.ownerId, created_at: event.time };
    case 'wami.login-profile.deleted.v1': return { ...row, ...own, deleted: true, issued: [] };
    case 'wami.sync.password-issued.v1': return row.deleted ? row : { ...row, issued: withMade(row.issued, event.data, issuedBy(event)) };
  }
}

type Issued = Extract<Heard, { type: 'wami.sync.password-issued.v1' }>;

function issuedBy({ data: { provider, account }, personal: { profileCreatedAt, sealedPassword }, time }: Issued): LoginProfileRow['issued'][number] | undefined {
  return profileCreatedAt === undefined || sealedPassword === undefined ? undefined : { provider, account, profileCreatedAt, issuedAt: time, sealedPassword };
}

/** Login profiles, and the passwords that targets were given for them. */
export const loginProfiles: ReadModel = {
  name: 'login-profiles', version: 1, tables: [LOGIN_PROFILES], apply: foldById(LOGIN_PROFILES, unheardOf, evolve), byKey: { first: new Set(), resident: [] }, types: new Set([...LOGIN_PROFILE_EVENTS, ...SYNC_PASSWORD_EVENTS].map(({ type }) => type)),
};
