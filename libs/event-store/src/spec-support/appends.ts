import type { NewEvent } from '@wami/contracts';
import type { Append } from '../event-store';

const META = { actor: 'key_admin', correlationId: 'req_1' };

/** Appends as identity makes them; used by specs. */
export function userCreated(stream: string, userName = stream, tenant = 'acme'): NewEvent {
  return {
    type: 'wami.user.created.v1', stream, key: stream, tenant, subject: `arn:wami:iam:${tenant}:wami:main:user/${stream}`,
    data: { path: '/', tags: {} }, personal: { userName },
  };
}

export function userRenamed(stream: string, userName: string, previousUserName: string): NewEvent {
  return { ...userCreated(stream), type: 'wami.user.renamed.v1', data: {}, personal: { userName, previousUserName } };
}

export function userUpdated(stream: string, displayName: string): NewEvent {
  return { ...userCreated(stream), type: 'wami.user.updated.v1', data: {}, personal: { displayName } };
}

export function userDeleted(stream: string): NewEvent {
  return { ...userCreated(stream), type: 'wami.user.deleted.v1', data: {}, personal: {} };
}

export function name(value: string, tenant = 'acme') {
  return { tenant, kind: 'user', value };
}

export function create(stream: string, more: Partial<Append> = {}): Append {
  const tenant = more.tenant ?? 'acme';
  return { stream, tenant, expectedVersion: 0, events: [userCreated(stream, stream, tenant)], meta: META, ...more };
}

export function update(stream: string, expectedVersion: number, more: Partial<Append> = {}): Append {
  return { stream, tenant: 'acme', expectedVersion, events: [userUpdated(stream, `v${expectedVersion + 1}`)], meta: META, ...more };
}

export function close(stream: string, expectedVersion: number, more: Partial<Append> = {}): Append {
  return { stream, tenant: 'acme', expectedVersion, events: [userDeleted(stream)], meta: META, closes: true, ...more };
}

export function key(value: string, requestHash = 'a'.repeat(64)) {
  return { tenant: 'acme', actor: 'key_admin', key: value, requestHash, status: 201 };
}
