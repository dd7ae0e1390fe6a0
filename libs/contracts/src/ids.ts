/** Prefix of every opaque id, by what it names. A prefix never changes meaning. */
export const ID_PREFIXES = {
  tenant: 'ten', user: 'usr', group: 'grp', role: 'rol', policy: 'pol', 'service-account': 'sva', 'access-key': 'aky', 'login-profile': 'lgp', 'mfa-device': 'mfa', 'identity-provider': 'idp', membership: 'mem', attachment: 'att', apiKey: 'key', job: 'job', pause: 'pau', plan: 'pln', repair: 'rep', approval: 'apr', deadLetterRequest: 'dlr', event: 'evt', request: 'req', message: 'msg',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * An opaque, sortable, prefixed id: `usr_` and 26 characters, 48 bits of time in milliseconds and 80 random bits (a ULID).
 * Ids of one kind sort by their time. `random` holds at least 10 bytes.
 */
export function idFrom(kind: IdKind, epochMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('an id needs 10 random bytes');
  let time = '';
  for (let rest = epochMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = CROCKFORD[rest % 32] + time;
  let tail = '';
  for (let i = 0; i < 10; i += 5) tail += fiveBytes(random, i);
  return `${ID_PREFIXES[kind]}_${time}${tail}`;
}

function fiveBytes(bytes: Uint8Array, at: number): string {
  let value = 0;
  for (let i = 0; i < 5; i++) value = value * 256 + (bytes[at + i] ?? 0);
  let out = '';
  for (let i = 0; i < 8; i++, value = Math.floor(value / 32)) out = CROCKFORD[value % 32] + out;
  return out;
}

/** The membership of a user in a group is named by its two ends, so adding it twice names the same stream. */
export function membershipId(groupId: string, userId: string): string {
  return `${ID_PREFIXES.membership}_${groupId.slice(4)}_${userId.slice(4)}`;
}

/** The attachment of a policy is named by its two ends; the owner's whole id stands in it, for it may be of several kinds. */
export function attachmentId(policyId: string, ownerId: string): string {
  return `${ID_PREFIXES.attachment}_${policyId.slice(4)}_${ownerId}`;
}

/** The id of the policy that a body names by its id or its ARN. */
export function policyIdIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
