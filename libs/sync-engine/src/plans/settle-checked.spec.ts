import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import type { Binding } from '../bindings/binding';
import { evaluate } from '../fold/evaluate';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import { settle } from '../record/settle';
import { refusedBeforeLook } from './gate';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const RESOURCE = { id: 'usr_1', kind: 'user', tenant: 'acme', subject: 'arn', version: 3, deleted: false, document: {}, intent: '7.1' } as const;
const PLAN = { plan: 'pln_1', job: 'job_1', desired: '', observed: '', expiresAt: NOW - 1, generation: 1, dueAt: null, checked: false, begun: false };

/** Approved, and in hand to be looked at. */
function workOf(lost: boolean, plan: NonNullable<Binding['plan']> = PLAN): Work {
  const occasion = { touched: true, retag: false, lane: 0, cause: { actor: 'admin', correlationId: 'req_1' }, now: NOW } as const;
  const evaluated = evaluate(undefined, '1', RESOURCE, { config: DEFAULT_SYNC_CONFIG, intent: '7.0' }, true, occasion);
  if (!evaluated) throw new Error('it is wanted');
  const binding: Binding = { ...evaluated.binding, claimed: true, unfinished: lost, tried: lost ? { ann: 1 } : {}, plan };
  return { binding, resource: RESOURCE, config: DEFAULT_SYNC_CONFIG, relations: {}, ends: new Map(), lost };
}

function checked(lost: boolean): Binding | undefined {
  const work = workOf(lost);
  const outcome: Outcome = { is: 'checked', operation: 'create', presence: null };
  return settle(work.binding, work, outcome, { provider: 'aws', now: NOW, random: { next: () => 0 }, pausedUntil: undefined, visibilityMs: 1, sightMs: 1, stands: () => false })?.binding;
}

describe('a look for an approved plan', () => {
  it('still leaves it to be looked for what an attempt before may have done: a look does not see everything at once', () =>
    expect(checked(true)).toMatchObject({ unfinished: true, tried: { ann: 1 }, plan: { checked: true, lostBefore: true } }));
  it('leaves nothing behind where nothing was open', () => expect(checked(false)).toMatchObject({ unfinished: false, tried: {}, plan: { checked: true } }));
  it('does not make an attempt before the plan one of the plan: it may still expire', () => {
    expect(refusedBeforeLook(workOf(true, { ...PLAN, checked: true, lostBefore: true }), NOW)).toMatchObject({ is: 'refused', why: 'expired' });
    expect(refusedBeforeLook(workOf(true, { ...PLAN, checked: true }), NOW)).toMatchObject({ is: 'refused', why: 'desired-moved' });
  });
});
