import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import type { Binding } from '../bindings/binding';
import { bulkOf } from './bulk';
import { evaluate, type Occasion } from './evaluate';
import type { Resource } from './resource';

const CAUSE = { actor: 'admin', correlationId: 'req_1' };
const USER: Resource = { id: 'usr_1', kind: 'user', tenant: 'acme', subject: 'arn', version: 3, deleted: false, document: {}, intent: '7.1' };
const OCCASION: Occasion = { touched: true, retag: false, lane: 0, cause: CAUSE, now: 1 };
const before = evaluate(undefined, '1', USER, { config: DEFAULT_SYNC_CONFIG, intent: '7.0' }, true, OCCASION)?.binding;

function laneOf(resource: Resource, wanted: boolean, occasion: Partial<Occasion> = {}): number | undefined {
  return evaluate(before && { ...before, state: 'Synced', dueAt: null }, '1', resource, { config: DEFAULT_SYNC_CONFIG, intent: '7.0' }, wanted, { ...OCCASION, ...occasion })?.binding.lane;
}

describe('the lane of what became due', () => {
  it('is people’s for an edit', () => expect(laneOf(USER, true)).toBe(0));
  it('is the first for a deletion', () => expect(laneOf({ ...USER, deleted: true }, true)).toBe(-1));
  it('is the first where a relation was taken away', () => expect(laneOf(USER, true, { withdrawn: true })).toBe(-1));
  it('is the first where the target is no longer wanted', () => expect(laneOf(USER, false)).toBe(-1));
  it('stays the first where an edit comes after a relation was taken away, before either was carried out', () => {
    const standing = { ...(before as Binding), state: 'Synced' as const, dueAt: null };
    for (const busy of [standing, { ...standing, claimed: true, dueAt: 1 }]) {
      const withdrawn = evaluate(busy, '1', USER, { config: DEFAULT_SYNC_CONFIG, intent: '7.0' }, true, { ...OCCASION, withdrawn: true })?.binding;
      expect(evaluate(withdrawn, '1', USER, { config: DEFAULT_SYNC_CONFIG, intent: '7.0' }, true, OCCASION)?.binding.lane).toBe(-1);
    }
  });
  it('is the last for a sweep, and for many deletions at once', () => {
    expect(laneOf(USER, true, { lane: 1 })).toBe(1);
    expect(laneOf({ ...USER, deleted: true }, true, { lane: 1 })).toBe(1);
  });
});

it('more than 50 edits of one command are a machine’s', () => {
  const causes = (n: number, correlationId: string) => Array.from({ length: n }, (_, i) => [`${correlationId}-${i}`, { ...CAUSE, correlationId }] as const);
  expect([...bulkOf(new Map([...causes(50, 'few'), ...causes(51, 'many')]))]).toEqual(['many']);
});
