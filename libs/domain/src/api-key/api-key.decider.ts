import type { ApiKeyEvent, Role } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DomainError } from '../domain-error';
import { eventAbout, type ResourceRef } from '../resource-ref';

/** A secret is known by its hash only. Times are RFC 3339 in UTC, so they compare as text. */
export interface ApiKeyDocument {
  readonly name: string;
  readonly role: Role;
  readonly hash: string;
  readonly expiresAt?: string;
  /** Until when the secret of before the last rotation is taken. */
  readonly previousUntil?: string;
}
export type ApiKey = { readonly status: 'none' | 'revoked' } | { readonly status: 'active'; readonly document: ApiKeyDocument };

export type ApiKeyCommand = { readonly ref: ResourceRef } & (
  | { readonly type: 'create'; readonly now: string; readonly hash: string; readonly name: string; readonly role: Role; readonly expiresAt?: string }
  /** `expiresAt` null: it never expires; undefined: as before. */
  | { readonly type: 'rotate'; readonly now: string; readonly hash: string; readonly overlapSeconds: number; readonly expiresAt?: string | null }
  | { readonly type: 'revoke' });

function decide(key: ApiKey, command: ApiKeyCommand): ApiKeyEvent[] {
  const about = (event: Pick<ApiKeyEvent, 'type' | 'data' | 'personal'>): ApiKeyEvent => eventAbout('api-key', command.ref, event);
  switch (command.type) {
    case 'create': return [about(create(key, command))];
    case 'rotate': return [about(rotate(active(key), command))];
    case 'revoke': active(key); return [about({ type: 'wami.api-key.revoked.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function active(key: ApiKey): ApiKeyDocument {
  if (key.status !== 'active') throw new DomainError('NotFound', 'there is no such api-key');
  return key.document;
}

function create(key: ApiKey, { now, hash, name, role, expiresAt }: Extract<ApiKeyCommand, { type: 'create' }>): Pick<ApiKeyEvent, 'type' | 'data' | 'personal'> {
  if (key.status !== 'none') throw new DomainError('ValidationFailed', 'the key exists already');
  return { type: 'wami.api-key.created.v1', data: { role, hash, ...expiry(expiresAt, now) }, personal: { name } };
}

/** The secret before lives on for the overlap, never beyond its own expiry. */
function rotate(current: ApiKeyDocument, { now, hash, overlapSeconds, expiresAt }: Extract<ApiKeyCommand, { type: 'rotate' }>): Pick<ApiKeyEvent, 'type' | 'data' | 'personal'> {
  const overlap = new Date(Date.parse(now) + overlapSeconds * 1000).toISOString();
  const previousUntil = current.expiresAt !== undefined && current.expiresAt < overlap ? current.expiresAt : overlap;
  const wanted = expiresAt === undefined ? current.expiresAt : expiresAt ?? undefined;
  return { type: 'wami.api-key.rotated.v1', data: { hash, previousUntil, ...expiry(wanted, now) }, personal: {} };
}

function expiry(expiresAt: string | undefined, now: string): { expiresAt?: string } {
  if (expiresAt === undefined) return {};
  if (expiresAt <= now) throw new DomainError('ValidationFailed', 'must be in the future', '/expiresAt');
  return { expiresAt };
}

function evolve(key: ApiKey, event: ApiKeyEvent): ApiKey {
  switch (event.type) {
    case 'wami.api-key.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.api-key.rotated.v1': return key.status === 'active'
      ? { status: 'active', document: { name: key.document.name, role: key.document.role, ...event.data } } : key;
    case 'wami.api-key.revoked.v1': return { status: 'revoked' };
    default: return unreachable(event);
  }
}

export const apiKeyDecider = { initialState: { status: 'none' } as ApiKey, decide, evolve } satisfies Decider<ApiKey, ApiKeyCommand, ApiKeyEvent>;
