import type { ExplainedTarget, Explanation } from '@wami/contracts';
import { explanationLines } from './explanation';

const AT = { provider: 'aws', account: '1' };
const hint = 'Renew the credentials.';
const TARGET: ExplainedTarget = {
  ...AT,
  scope: { ok: false, text: 'asked for, but the target rests', hint, asked: true, settings: [{ setting: 'providers', value: [AT] }], pauses: [{ id: 'pau_1', until: '2099-01-01T00:00:00.000Z' }, { id: 'pau_2', reason: 'freeze', startedBy: 'ann' }] },
  match: { ok: true, text: 'matched to arn:x', nativeArn: 'arn:x', providerResourceId: 'AIDA' },
  difference: { ok: false, text: 'since then 9 fields changed', version: 3, syncedVersion: 1, changes: Array.from({ length: 8 }, (_, i) => ({ field: `tags.${i}`, from: 'a', to: 'b' })), more: 1 },
  plan: { ok: false, text: 'update, later', hint, next: 'at', at: '2020-01-01T00:00:00.000Z', operation: 'update', awaits: [] },
};
const EXPLANATION: Explanation = { resource: 'usr_1', arn: 'arn', kind: 'user', tenant: 'acme', name: 'ann', version: 3, deleted: false, text: 'agrees with 0 of 1 targets', targets: [TARGET] };

describe('an explanation for a person', () => {
  it('has a line for each step, what is known below it, and each remedy once', () => {
    expect(explanationLines(EXPLANATION)).toEqual([
      'user/ann (usr_1) of acme, version 3: agrees with 0 of 1 targets', 'aws/1  - not there',
      '  scope       ! asked for, but the target rests', '                pau_2: freeze (by ann)',
      '  match       ✓ matched to arn:x', '                id AIDA',
      '  difference  ! since then 9 fields changed', ...[0, 1, 2, 3, 4].map((i) => `                tags.${i}: a -> b`), '                and 4 more',
      '  plan        ! update, later', '                next try now (2020-01-01T00:00:00.000Z)', '                → Renew the credentials.',
    ]);
  });

  it('fits 24 lines with a fresh look that found much', () => {
    const look = { plan: 'pln_1', at: '2020-01-01T00:00:00.000Z', targets: [{ ...AT, state: 'answered' as const, counts: { update: 1 } }], operations: [
      { ...AT, resource: 'usr_1', kind: 'user', tenant: 'acme', action: 'update' as const, calls: 1, version: 3, more: 0, changes: TARGET.difference.changes },
    ] };
    const lines = explanationLines(EXPLANATION, look);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines).toEqual(expect.arrayContaining(['                looked now (pln_1): update', '                  tags.0: a -> b', '                  and 3 more']));
  });

  it('says of a look whether the cloud agrees, or that nothing is known of it there', () => {
    const looked = (counts: { none?: number }): string[] => explanationLines(EXPLANATION, { plan: 'pln_1', at: '', operations: [], targets: [{ ...AT, state: 'answered', counts }] });
    expect(looked({ none: 1 })).toContain('                looked now: the cloud agrees');
    expect(looked({})).toContain('                looked now: nothing is known of it there');
  });
});
