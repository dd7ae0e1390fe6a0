import { z } from 'zod';

const common = { id: z.string(), tenant: z.string().describe('Of the user, or of the owner of the policy.') };

/** A user in a group, or a policy on a user, group, role or service account. */
export const relationViewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('membership'), ...common, groupId: z.string(), userId: z.string() }),
  z.object({ kind: z.literal('attachment'), ...common, policyId: z.string(), ownerId: z.string() }),
]).meta({ id: 'Relation' });
export type RelationView = z.infer<typeof relationViewSchema>;

export const relationListSchema = z.object({ items: z.array(relationViewSchema), nextCursor: z.string().optional() }).meta({ id: 'RelationList' });
export type RelationList = z.infer<typeof relationListSchema>;
