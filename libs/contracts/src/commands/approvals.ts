import { z } from 'zod';
import { guardBudgetSchema } from '../events/approval.events';

export const approveSchema = z.strictObject({
  hash: z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'must be the hash of the list, as `GET /v1/approvals/{id}` tells it').describe('Of the list that was looked at; what came in later is not approved.'),
}).meta({ id: 'Approve', examples: [{ hash: 'kZx0V9c2m1nq7sTg4hYb3w' }] });
export type Approve = z.infer<typeof approveSchema>;

export const APPROVAL_STATES = ['open', 'approved', 'rejected', 'released', 'expired'] as const;
export const approvalStateSchema = z.enum(APPROVAL_STATES).meta({ id: 'ApprovalState' });
export type ApprovalState = z.infer<typeof approvalStateSchema>;

export const approvalViewSchema = z.object({
  id: z.string(), arn: z.string(), tenant: z.string(), provider: z.string(), account: z.string(),
  state: approvalStateSchema.describe('`released`: nobody had to decide, it is within what the guard allows by now.'),
  held: z.number().int().describe('Resources that would be deleted or lose something.'), hash: z.string().describe('Of the whole list as it is now.'),
  budgets: z.array(guardBudgetSchema), askedAt: z.string(), expiresAt: z.string().describe('Nobody can approve it after that; it is asked for anew.'),
  decidedAt: z.string().optional(), decidedBy: z.string().optional(),
}).meta({ id: 'Approval' });
export type ApprovalView = z.infer<typeof approvalViewSchema>;

export const approvalItemSchema = z.object({
  resource: z.string(), kind: z.string(), name: z.string().optional().describe('Absent where it was forgotten.'),
  removes: z.array(z.string()).describe('`thing`: the resource itself; `groups:grp_...` and the like: that relation; `inlinePolicies:...`, `federation:...`: the inline policy, the federated credential whose name has this digest.'), more: z.number().int().describe('Relations that are too many to be told.'),
}).meta({ id: 'ApprovalItem' });
export type ApprovalItem = z.infer<typeof approvalItemSchema>;

/** What became of a decision. */
export const approvalDecisionSchema = z.object({ id: z.string(), state: z.enum(['approved', 'rejected']), held: z.number().int() }).meta({ id: 'ApprovalDecision' });
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;
