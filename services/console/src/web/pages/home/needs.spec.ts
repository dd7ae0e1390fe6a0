import type { ProviderTargetView } from '@wami/contracts';
import { needsOf, sentenceOf } from './needs';

const none = { drift: 0, held: 0, targets: [], parked: 0, most: 100 };
const titles = (...given: Parameters<typeof needsOf>): string[] => needsOf(...given).map(({ title }) => title);

describe('what needs somebody', () => {
  it('is one thing for each cause, however many resources it is about, and drift and approvals once each', () => {
    const errors = [{ code: 'AccessDenied' as const, count: 12 }, { code: 'Conflict' as const, count: 1 }];
    expect(titles({ errors }, { drift: 100, held: 1, targets: [], parked: 2, most: 100 })).toEqual([
      '2 events were not taken in', '12 resources fail with AccessDenied', '1 resource fails with Conflict', '100 or more resources were changed in a cloud', '1 removal waits for approval',
    ]);
    expect(sentenceOf(needsOf({ errors }, none))).toBe('2 things need you');
    expect(needsOf({ errors }, { ...none, drift: 1, tenant: 'acme/core' }).map(({ line, to }) => [line, to])).toEqual([
      ['npx wami -t acme/core status', '/r?code=AccessDenied&tenant=acme%2Fcore'], ['npx wami -t acme/core conflicts', '/drift?tenant=acme%2Fcore'], ['npx wami -t acme/core drift', '/drift?tenant=acme%2Fcore'],
    ]);
  });

  it('is each target that cannot be called, before all else, and credentials that end soon', () => {
    const target = (health: ProviderTargetView['health'], expiresSoon = false): ProviderTargetView => ({
      provider: 'aws', account: health, health, credentials: { type: 'static', expiresSoon, expiresAt: '2027-01-31T00:00:00Z' }, quota: [], capabilities: [], skipped: [], success: { synced: 0, failed: 0, objective: 0.99 },
    });
    const targets = [target('ok'), target('throttled'), target('unused'), target('quarantined'), target('credentials-rejected', true), target('ok', true)];
    expect(titles({ errors: [{ code: 'Timeout', count: 1 }] }, { ...none, targets })).toEqual([
      'aws/quarantined: quarantined', 'aws/credentials-rejected: rejects our credentials', 'The credentials of aws/ok end soon', '1 resource fails with Timeout',
    ]);
  });

  it('is said to be nothing where it is', () => {
    expect(sentenceOf(needsOf({ errors: [] }, none))).toBe('Nothing needs you');
    expect(sentenceOf(needsOf({ errors: [{ code: 'Timeout', count: 3 }] }, none))).toBe('1 thing needs you');
  });
});
