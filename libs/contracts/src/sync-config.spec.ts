import { RESOURCE_KINDS } from './arn';
import { saidSyncConfigSchema, syncConfigPatchSchema } from './sync-config';

const kinds = (kind: string): object => ({ kinds: { [kind]: { deletionPolicy: 'orphan' } } });

describe('settings of one kind', () => {
  it.each(RESOURCE_KINDS)('may be said of %s', (kind) => expect(syncConfigPatchSchema.safeParse(kinds(kind)).success).toBe(true));

  it('may not be said of what is no kind, and are read where a later release knows it', () => {
    expect([syncConfigPatchSchema, saidSyncConfigSchema].map((schema) => schema.safeParse(kinds('unicorn')).success)).toEqual([false, true]);
  });
});
