import { z } from 'zod';

/**
 * Which thing at a target a resource stands for from its first moment on, and no other: an import found it. The engine puts its mark on exactly
 * that one, or says that it is gone; it neither makes one nor takes whatever has the name by then.
 */
export const adoptionSchema = z.strictObject({
  provider: z.string(), account: z.string(),
  /** What the target calls it for good, and what it was called by when it was found. */
  providerResourceId: z.string(), name: z.string(),
  /** The import that found it, and where it stands in it. */
  job: z.string(), item: z.string(),
});
export type Adoption = z.infer<typeof adoptionSchema>;
