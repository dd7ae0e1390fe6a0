import { z } from 'zod';
import { targetHealthSchema } from '../events/target.events';

/** Reports by the names of their routes. */
export const REPORTS = ['sync-health', 'drift', 'sla', 'credentials', 'access'] as const;
export type ReportName = (typeof REPORTS)[number];

/** The service level of a target: of the changes of so many days a part of SUCCESS_OBJECTIVE arrives within so many seconds. */
export const SLA_DAYS = 28;
export const SLA_SECONDS = 300;

const target = { provider: z.string(), account: z.string() };
const count = z.number().int();

export const syncHealthRowSchema = z.object({
  tenant: z.string(), ...target, kind: z.string(), resources: count, synced: count, pending: count, syncing: count, failed: count, skipped: count, notConfigured: count,
}).meta({ id: 'SyncHealthRow' });
export type SyncHealthRow = z.infer<typeof syncHealthRowSchema>;

export const driftRowSchema = z.object({
  tenant: z.string(), ...target, open: count.describe('Differ now.'), corrected: count.describe('Differed once, by the last drift that was found of each.'),
  oldestOpenAt: z.string().optional(), sweptAt: z.string().optional().describe("The last sweep by a schedule of this tenant's own; absent where there was none."), nextSweepAt: z.string().optional(),
  compared: count.optional(), unmanaged: count.optional().describe('What nobody manages, as that sweep found it.'),
}).meta({ id: 'DriftReportRow' });
export type DriftReportRow = z.infer<typeof driftRowSchema>;

export const slaRowSchema = z.object({
  ...target, days: count, withinSeconds: count, objective: z.number(),
  changes: count.describe('That came to rest, each once: what a cloud cannot hold, and what nobody asks for any more, is left out.'),
  inTime: count, late: count, failed: count.describe('Came to rest as failed before anything else.'),
  rate: z.number().optional().describe('The part that was in time; absent where there were no changes.'),
  mayMiss: count.describe('The error budget: so many of them may be late or fail.'), budgetLeft: z.number().describe('The part of it that is left; below 0 where more was missed.'),
  p50Seconds: z.number(), p95Seconds: z.number(), p99Seconds: z.number(),
}).meta({ id: 'SlaRow' });
export type SlaRow = z.infer<typeof slaRowSchema>;

export const credentialRowSchema = z.object({
  ...target, type: z.string().describe('As the connection names it.'), principal: z.string().optional().describe('Whom they name at the provider.'),
  health: targetHealthSchema, reason: z.string().optional(),
  expiresAt: z.string().optional().describe('When they end, where that is known.'), expiresSoon: z.boolean(), reportedAt: z.string().optional(),
}).meta({ id: 'CredentialRow' });
export type CredentialRow = z.infer<typeof credentialRowSchema>;

export const accessRowSchema = z.object({
  tenant: z.string().describe('Of the principal.'), principal: z.string(), principalKind: z.string(), principalName: z.string(),
  path: z.array(z.string()).describe('From the principal over a group, where one stands between, to the policy, as `kind/name`; `kind/id` of what is above the caller. An inline policy is `inline-policy/name`.'),
  group: z.string().optional(), policy: z.string().describe('Its id; of an inline policy the id of what it stands in, `/inlinePolicies/` and its name.'), policyTenant: z.string().describe("Another than the principal's where it is inherited."),
  allows: z.array(z.string()).optional().describe('Actions as its document names them; absent where the policy is above the caller.'), denies: z.array(z.string()).optional(),
  boundary: z.string().optional().describe('Policy beyond which nothing is allowed.'),
  assumableBy: z.array(z.string()).optional().describe('Of a role: whom its trust policy names.'),
  targets: z.array(z.string()).describe('`provider/account` of the clouds that hold the principal.'),
}).meta({ id: 'AccessRow' });
export type AccessRow = z.infer<typeof accessRowSchema>;
