import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import { configForKind, resolveSyncConfig, wantedTargets } from './resolve-sync-config';

const one = { provider: 'aws', account: '1' };
const two = { provider: 'aws', account: '2' };
const azure = { provider: 'azure', account: 'corp' };

describe('the sync settings of a tenant', () => {
  it('are the defaults where nobody said anything', () => expect(resolveSyncConfig([{}, {}])).toEqual(DEFAULT_SYNC_CONFIG));
  it('are inherited field by field', () =>
    expect(resolveSyncConfig([{ providers: [one], conflictResolution: 'skip' }, { conflictResolution: 'overwrite' }])).toEqual({
      ...DEFAULT_SYNC_CONFIG,
      providers: [one],
      conflictResolution: 'overwrite',
    }));
  it('inherit each trigger and each number of the retries alone', () => {
    const { triggers, retry } = resolveSyncConfig([
      { triggers: { onDelete: false }, retry: { maxRetries: 3 } },
      { triggers: { onUpdate: false }, retry: { baseDelayMs: 10 } },
    ]);
    expect(triggers).toEqual({ onCreate: true, onUpdate: false, onDelete: false });
    expect(retry).toEqual({ maxRetries: 3, baseDelayMs: 10, maxDelayMs: 60_000 });
  });
  it('replace providers and tags as a whole', () =>
    expect(
      resolveSyncConfig([
        { providers: [one], tags: { a: '1' } },
        { providers: [azure], tags: { b: '2' } },
      ]),
    ).toMatchObject({ providers: [azure], tags: { b: '2' } }));
  it('inherit the schedule, unless a child has another or takes it away with null', () => {
    const schedules = (lineage: Parameters<typeof resolveSyncConfig>[0]): unknown => resolveSyncConfig(lineage).triggers.schedule;
    const daily = { triggers: { schedule: 'P1D' } };
    expect([schedules([daily, {}]), schedules([daily, { triggers: { onCreate: false } }]), schedules([daily, { triggers: { schedule: 'PT1H' } }])]).toEqual(['P1D', 'P1D', 'PT1H']);
    expect(resolveSyncConfig([daily, { triggers: { schedule: null } }, {}]).triggers).toEqual({ onCreate: true, onUpdate: true, onDelete: true });
  });
  it('may be said for one kind, each inherited alone, and stand over those of all kinds', () => {
    const config = resolveSyncConfig([
      { kinds: { user: { deletionPolicy: 'orphan' }, policy: { conflictResolution: 'merge' } } }, { deletionPolicy: 'delete', kinds: { user: { conflictResolution: 'skip' } } }, {},
    ]);
    expect(config.kinds).toEqual({ user: { deletionPolicy: 'orphan', conflictResolution: 'skip' }, policy: { conflictResolution: 'merge' } });
    const shown = (kind: string): unknown => (({ deletionPolicy, conflictResolution }) => [deletionPolicy, conflictResolution])(configForKind(config, kind));
    expect([shown('user'), shown('policy'), shown('group')]).toEqual([['orphan', 'skip'], ['delete', 'merge'], ['delete', 'fail']]);
  });
  it('may turn sync off for a child', () => expect(resolveSyncConfig([{ providers: [one] }, { providers: [] }]).providers).toEqual([]));
  it('are not spoilt by resolving them', () => {
    const before = structuredClone(DEFAULT_SYNC_CONFIG);
    resolveSyncConfig([{ triggers: { onCreate: false }, tags: { a: '1' } }]);
    expect(DEFAULT_SYNC_CONFIG).toEqual(before);
  });
});

describe('the targets of a resource', () => {
  const config = { providers: [one, two, azure] };
  it("are its tenant's where it says nothing", () => expect(wantedTargets(config)).toEqual([one, two, azure]));
  it('are all accounts of a provider that it names', () => expect(wantedTargets(config, ['aws'])).toEqual([one, two]));
  it('are the one account that it names', () => expect(wantedTargets(config, ['aws/2', 'azure'])).toEqual([two, azure]));
  it('are never more than the tenant has', () => expect(wantedTargets(config, ['gcp', 'aws/3'])).toEqual([]));
  it('are none where it names none', () => expect(wantedTargets(config, [])).toEqual([]));
});
