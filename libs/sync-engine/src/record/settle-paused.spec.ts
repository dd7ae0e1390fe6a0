import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import type { Binding } from '../bindings/binding';
import { evaluate } from '../fold/evaluate';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import { settle } from './settle';
import type { Judge } from './verdict';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const CAUSE = { actor: 'admin', correlationId: 'req_1' };
const RESOURCE = { id: 'usr_1', kind: 'user', tenant: 'acme', subject: 'arn', version: 3, deleted: false, document: {}, intent: '7.1' } as const;
const LATER = '2026-01-01T01:00:00.000Z';

/** As it stands while a worker has it in hand. */
function claimed(more: Partial<Binding> = {}): Binding {
  const settings = { config: DEFAULT_SYNC_CONFIG, intent: '7.0' };
  const evaluated = evaluate(undefined, '1', RESOURCE, settings, true, { touched: true, retag: false, lane: 0, cause: CAUSE, now: NOW });
  if (!evaluated) throw new Error('it is wanted');
  return { ...evaluated.binding, claimed: true, unfinished: true, state: 'Syncing', retryCount: 2, fastRetries: 1, verifySince: 5, strategy: 'overwrite', maxRetries: 4, jobs: ['job_1'], tried: { ann: 1 }, ...more };
}

function paused(
  binding: Binding, { lost = false, stands = true, until, current = binding }: { lost?: boolean; stands?: boolean; until?: string; current?: Binding } = {},
): ReturnType<typeof settle> {
  const work: Work = { binding, resource: RESOURCE, config: DEFAULT_SYNC_CONFIG, relations: {}, ends: new Map(), lost };
  const by = { id: 'pau_1', tenant: 'acme', ...(until === undefined ? {} : { until }) };
  const outcome: Outcome = { is: 'paused', by, operation: 'create', presence: null };
  const judge: Judge = { provider: 'aws', now: NOW, random: { next: () => 0 }, pausedUntil: undefined, visibilityMs: 1, sightMs: 1, stands: () => stands };
  return settle(current, work, outcome, judge);
}

describe('a pass that a pause kept from its first call', () => {
  it('leaves everything as if it had not been claimed, and lies aside', () => {
    expect(paused(claimed())?.binding).toMatchObject({
      claimed: false, unfinished: false, tried: {}, state: 'Pending', errorCode: null, pausedBy: 'pau_1', dueAt: null,
      retryCount: 2, fastRetries: 1, verifySince: 5, strategy: 'overwrite', maxRetries: 4, jobs: ['job_1'],
    });
  });
  it('is due when the pause is over', () => expect(paused(claimed(), { until: LATER })?.binding).toMatchObject({ pausedBy: 'pau_1', dueAt: Date.parse(LATER) }));
  it('still has to look first where the attempt before it left it open what it did', () => {
    expect(paused(claimed(), { lost: true })?.binding).toMatchObject({ unfinished: true, tried: { ann: 1 }, pausedBy: 'pau_1' });
  });
  it('is due at once where the pause was ended meanwhile: nobody would wake it', () => {
    expect(paused(claimed(), { stands: false, until: LATER })?.binding).toMatchObject({ pausedBy: null, dueAt: NOW, state: 'Pending' });
  });
  it('says so to the jobs that asked, without an attempt and without the words of the pause', () => {
    expect(paused(claimed())?.events).toMatchObject([{ type: 'wami.sync.waiting.v1', data: { jobs: ['job_1'], pausedBy: 'pau_1', reason: 'paused by pau_1 until somebody resumes', version: 3, intent: '7.1' }, personal: {} }]);
  });
  it('is not told again where it is on record: the commit came about and its answer was lost', () => {
    const recorded = paused(claimed())?.binding;
    expect(recorded).toBeDefined();
    expect(recorded && paused(claimed(), { current: recorded })).toBeUndefined();
  });
});
