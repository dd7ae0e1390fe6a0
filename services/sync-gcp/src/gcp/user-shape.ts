import type { admin_directory_v1 } from '@googleapis/admin';
import type { Desired, Observed, OwnershipMark } from '@wami/provider-port';
import type { Addresses } from './addresses';
import { readSigns, signs } from './marks';
import { answered } from './pages';

export type User = admin_directory_v1.Schema$User;
type PersonName = Required<Pick<admin_directory_v1.Schema$UserName, 'givenName' | 'familyName'>>;

/** An entry of `externalIds`, a list in which everybody keeps what he calls the user by. */
export interface ExternalId {
  readonly type?: string;
  readonly customType?: string;
  readonly value?: string;
}
const OURS = 'managed-by-wami';

/** Google wants both parts of a name, and puts a blank between them to show it: the last word is the family's, and one of a single word is both. */
export function personName({ document: { displayName } }: Desired, name: string): { givenName: string; familyName: string } {
  const words = (typeof displayName === 'string' && displayName.trim() !== '' ? displayName : name).trim().split(/\s+/);
  const familyName = words.at(-1) ?? '';
  return { givenName: words.slice(0, -1).join(' ') || familyName, familyName };
}

export function shownName({ givenName, familyName }: admin_directory_v1.Schema$UserName): string {
  return givenName === familyName ? givenName ?? '' : [givenName, familyName].filter(Boolean).join(' ');
}

export function externalIdsOf({ externalIds }: User): readonly ExternalId[] {
  return Array.isArray(externalIds) ? (externalIds as ExternalId[]) : [];
}

/** What others keep there stays. Without a mark, ours goes. */
export function withMark(user: User, mark: OwnershipMark | undefined): readonly ExternalId[] {
  const others = externalIdsOf(user).filter((id) => markIn(id) === undefined);
  return mark === undefined ? others : [...others, { type: 'custom', customType: OURS, value: signs(mark) }];
}

export function markOf(user: User): OwnershipMark | undefined {
  return externalIdsOf(user).map(markIn).find((mark) => mark !== undefined);
}

function markIn({ customType, value = '' }: ExternalId): OwnershipMark | undefined {
  return customType === OURS ? readSigns(value) : undefined;
}

export function observedUser(user: User, addresses: Addresses): Observed {
  const providerResourceId = answered(user.id, 'id');
  const name = addresses.here(answered(user.primaryEmail, 'primaryEmail').toLowerCase(), undefined);
  const mark = markOf(user);
  return {
    providerResourceId, nativeArn: `users/${providerResourceId}`, name, ...(mark === undefined ? {} : { mark }),
    shape: { fields: { name, displayName: shownName((user.name ?? {}) as PersonName) }, tags: {}, facets: {} }, facetsRead: [],
  };
}
