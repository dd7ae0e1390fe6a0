import { createDto } from '@wami/platform';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).default('false').transform((text) => text === 'true');

/** What every write takes in its query. An unknown parameter is refused: a mistyped `dryRun` must not write. */
export const writeQuerySchema = z.strictObject({
  dryRun: flag.describe('Check everything, answer as if it were done, write nothing.'),
  timeout: z.coerce.number().int().min(1).max(60).optional().describe('Seconds; an upper bound of `Prefer: wait`.'),
});
export type WriteQuery = z.infer<typeof writeQuerySchema>;
export class WriteQueryDto extends createDto(writeQuerySchema) {}

export class DeleteUserQueryDto extends createDto(writeQuerySchema.extend({
  erase: flag.describe('Forget the user too: all that is personal about it is gone for good. Takes what `configure` takes; a user that was deleted before can be erased by its id.'),
})) {}

export class DeleteTenantQueryDto extends createDto(writeQuerySchema.extend({
  force: flag.describe('Delete everything that the tenant holds too, as a job.'),
})) {}
