import { eventTitle, isIntent, targetOf } from './event-text';

const event = (type: string, data: unknown): { type: string; data: { data: unknown; personal: unknown } } => ({ type, data: { data, personal: {} } });

describe('what is said of an event', () => {
  it.each([
    ['wami.user.created.v1', {}, 'user created'], ['wami.service-account.deleted.v2', {}, 'service account deleted'], ['wami.sync.failed.v1', { code: 'AccessDenied' }, 'sync failed: AccessDenied'],
    ['org.other.thing', null, 'org.other.thing'],
  ])('%s %j: %s', (type, data, title) => expect(eventTitle(event(type, data))).toBe(title));

  it('an outcome is at a target, and no intent', () => {
    const failed = event('wami.sync.failed.v1', { provider: 'aws', account: '1' });
    expect([targetOf(failed), isIntent(failed)]).toEqual(['aws/1', false]);
    const asked = event('wami.sync-job.requested.v1', { targets: [] });
    expect([targetOf(asked), isIntent(asked)]).toEqual([undefined, true]);
  });
});
