import { z } from 'zod';
import { roleSchema } from '../commands/api-keys';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** HMAC-SHA-256 of the secret under the installation's pepper, base64url. The secret itself stands nowhere. */
const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const name = z.strictObject({ name: z.string() });

export const apiKeyCreated = defineEvent('wami.api-key.created.v1', z.strictObject({ role: roleSchema, hash, expiresAt: z.string().optional() }), name);

/** A new secret; the one before is taken until `previousUntil`, the ones before that no more. */
export const apiKeyRotated = defineEvent('wami.api-key.rotated.v1',
  z.strictObject({ hash, previousUntil: z.string(), expiresAt: z.string().optional() }), noPersonal);

/** For good. */
export const apiKeyRevoked = defineEvent('wami.api-key.revoked.v1', z.strictObject({}), noPersonal);

export const API_KEY_EVENTS = [apiKeyCreated, apiKeyRotated, apiKeyRevoked] as const;
export type ApiKeyEvent = NewEventOf<(typeof API_KEY_EVENTS)[number]>;
export type RecordedApiKeyEvent = RecordedEventOf<(typeof API_KEY_EVENTS)[number]>;
