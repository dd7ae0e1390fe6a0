import type { ApiKeyEvent } from '@wami/contracts';
import { given } from '@wami/testing';
import { apiKeyDecider, type ApiKeyCommand } from './api-key.decider';

const ref = { id: 'key_1', tenant: 'acme', instance: 'local' };
const NOW = '2026-01-01T00:00:00.000Z';
const later = (seconds: number): string => new Date(Date.parse(NOW) + seconds * 1000).toISOString();
const envelope = { stream: 'key_1', key: 'key_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:api-key/key_1' };
const created = (expiresAt?: string): ApiKeyEvent => ({
  ...envelope, type: 'wami.api-key.created.v1', data: { role: 'editor', hash: 'h1', ...(expiresAt === undefined ? {} : { expiresAt }) }, personal: { name: 'ci' },
});
const rotated = (hash: string, previousUntil: string, expiresAt?: string): ApiKeyEvent => ({
  ...envelope, type: 'wami.api-key.rotated.v1', data: { hash, previousUntil, ...(expiresAt === undefined ? {} : { expiresAt }) }, personal: {},
});
const revoked: ApiKeyEvent = { ...envelope, type: 'wami.api-key.revoked.v1', data: {}, personal: {} };
const create = (expiresAt?: string): ApiKeyCommand => ({ type: 'create', ref, now: NOW, hash: 'h1', name: 'ci', role: 'editor', ...(expiresAt === undefined ? {} : { expiresAt }) });
const rotate = (more: Partial<Extract<ApiKeyCommand, { type: 'rotate' }>> = {}): ApiKeyCommand => ({ type: 'rotate', ref, now: NOW, hash: 'h2', overlapSeconds: 60, ...more });
const revoke: ApiKeyCommand = { type: 'revoke', ref };

describe('an API key', () => {
  it('is kept as a hash, its name apart', () => given(apiKeyDecider, []).when(create()).then([created()]));
  it('may expire', () => given(apiKeyDecider, []).when(create(later(1))).then([created(later(1))]));
  it('cannot have expired before it was made', () => given(apiKeyDecider, []).when(create(NOW)).thenThrows('ValidationFailed'));
  it('cannot be made twice', () => given(apiKeyDecider, [created()]).when(create()).thenThrows('ValidationFailed'));
  it('can be revoked', () => given(apiKeyDecider, [created()]).when(revoke).then([revoked]));
  it('that is revoked is gone for good', () => {
    for (const command of [revoke, rotate()]) given(apiKeyDecider, [created(), revoked]).when(command).thenThrows('NotFound');
    given(apiKeyDecider, [created(), revoked]).when(create()).thenThrows('ValidationFailed');
  });
  it('that was never made is not there', () => given(apiKeyDecider, []).when(revoke).thenThrows('NotFound'));
});

describe('a rotation', () => {
  it('leaves the secret before for the overlap', () => given(apiKeyDecider, [created()]).when(rotate()).then([rotated('h2', later(60))]));
  it('ends it at once where there is no overlap', () => given(apiKeyDecider, [created()]).when(rotate({ overlapSeconds: 0 })).then([rotated('h2', NOW)]));
  it('does not prolong the secret before', () => given(apiKeyDecider, [created(later(10))]).when(rotate()).then([rotated('h2', later(10), later(10))]));
  it('keeps the expiry, changes it, or takes it away', () => {
    given(apiKeyDecider, [created(later(90))]).when(rotate()).then([rotated('h2', later(60), later(90))]);
    given(apiKeyDecider, [created(later(90))]).when(rotate({ expiresAt: later(120) })).then([rotated('h2', later(60), later(120))]);
    given(apiKeyDecider, [created(later(90))]).when(rotate({ expiresAt: null })).then([rotated('h2', later(60))]);
    given(apiKeyDecider, [created(later(90)), rotated('h2', later(60))]).when(rotate({ hash: 'h3' })).then([rotated('h3', later(60))]);
  });
  it('of an expired key needs a new expiry', () => {
    const now = later(20);
    given(apiKeyDecider, [created(later(10))]).when(rotate({ now })).thenThrows('ValidationFailed');
    given(apiKeyDecider, [created(later(10))]).when(rotate({ now, expiresAt: later(99) })).then([rotated('h2', later(10), later(99))]);
  });
});
