import { LOGIN_PROFILE_EVENTS, SYNC_PASSWORD_EVENTS, type RecordedLoginProfileEvent, type RecordedSyncPasswordEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { LOGIN_PROFILES, type LoginProfileRow } from './login-profiles.table';

type Heard = (RecordedLoginProfileEvent | RecordedSyncPasswordEvent) & Ingested;

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const heard = events as readonly Heard[];
  const profiles = new Map((await rows.find(LOGIN_PROFILES, 'id', [...new Set(heard.map(({ key }) => key))])).map((row) => [row.id, row]));
  for (const event of heard) profiles.set(event.key, evolve(profiles.get(event.key) ?? unheardOf(event), event));
  await rows.put(LOGIN_PROFILES, [...profiles.values()]);
}

function unheardOf({ key, subject, tenant }: Heard): LoginProfileRow {
  return { id: key, arn: subject, tenant, owner: '', version: 0, created_at: '', updated_at: '', deleted: false, issued: [] };
}

function evolve(row: LoginProfileRow, event: Heard): LoginProfileRow {
  const own = { version: event.version, updated_at: event.time };
  switch (event.type) {
    case 'wami.login-profile.created.v1': return { ...row, ...own, owner: event.data.ownerId, created_at: event.time };
    case 'wami.login-profile.deleted.v1': return { ...row, ...own, deleted: true, issued: [] };
    case 'wami.sync.password-issued.v1': return row.deleted ? row : { ...row, issued: [...row.issued.filter((one) => !isAt(one, event)), ...issuedBy(event)] };
  }
}

type Issued = Extract<Heard, { type: 'wami.sync.password-issued.v1' }>;

function isAt({ provider, account }: LoginProfileRow['issued'][number], { data }: Issued): boolean {
  return provider === data.provider && account === data.account;
}

function issuedBy({ data: { provider, account }, personal: { profileCreatedAt, sealedPassword }, time }: Issued): LoginProfileRow['issued'] {
  return profileCreatedAt === undefined || sealedPassword === undefined ? [] : [{ provider, account, profileCreatedAt, issuedAt: time, sealedPassword }];
}

/** Login profiles, and the passwords that targets were given for them. */
export const loginProfiles: ReadModel = {
  name: 'login-profiles', version: 1, tables: [LOGIN_PROFILES], apply, byKey: { first: new Set(), resident: [] }, types: new Set([...LOGIN_PROFILE_EVENTS, ...SYNC_PASSWORD_EVENTS].map(({ type }) => type)),
};
