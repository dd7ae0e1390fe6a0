import { z } from 'zod';
import { targetCapabilitySchema, targetHealthSchema, targetLimitsSchema, targetModeSchema, targetRateSchema } from '../events/target.events';

/** Of all that is asked of a target so much should agree. */
export const SUCCESS_OBJECTIVE = 0.99;
/** Credentials that end within so many days are warned of. */
export const EXPIRY_WARNING_DAYS = 14;

/** Whether credentials are to be renewed now. Pure. */
export function expiresSoon(expiresAt: string | undefined, now: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) - now <= EXPIRY_WARNING_DAYS * 86_400_000;
}

/** One target: whether it can be called, what it can hold, and what of the caller's is skipped there. */
export const providerTargetSchema = z.object({
  provider: z.string(), account: z.string(),
  health: targetHealthSchema.describe('Whether it can be called. `unused`: no tenant is synced to it; `not-connected`: asked for, but no connection can be used.'),
  reason: z.string().optional().describe('Why it is not ok, for an operator.'),
  mode: targetModeSchema.optional().describe('`observe`: it is looked at and never written to.'),
  tenants: z.array(z.string()).optional().describe('Patterns of the tenants that may use it, absent where everyone may; told only to callers of the whole installation.'),
  credentials: z.object({
    type: z.string().describe('As the connection names it.'), principal: z.string().optional().describe('Whom they name at the provider.'),
    expiresAt: z.string().optional().describe('When they end, where that is known.'), expiresSoon: z.boolean().describe(`Whether that is within ${EXPIRY_WARNING_DAYS} days.`),
  }).optional(),
  limits: targetLimitsSchema.optional().describe('What the connection allows.'),
  quota: z.array(targetRateSchema).describe('Calls a second that the provider is taken to allow, as it was told last.'),
  capabilities: z.array(targetCapabilitySchema).describe('What it can hold of each kind, and where it cannot, why.'),
  skipped: z.array(z.object({ kind: z.string(), reason: z.string(), count: z.number().int() })).describe('What of the tenant and its children is left alone there, and why: `…` stands for what differs from one to the other, each of which tells it.'),
  success: z.object({ rate: z.number().optional(), synced: z.number().int(), failed: z.number().int(), objective: z.number() })
    .describe('Of the resources of the tenant and its children that settled there, the part that agrees; without `rate` where none did.'),
  reportedAt: z.string().optional().describe('When its sync service last told of a change.'),
}).meta({ id: 'ProviderTarget' });
export type ProviderTargetView = z.infer<typeof providerTargetSchema>;
