/** An engine that breaks one promise: a change of one place in the sources, made while they are loaded. */
export interface BrokenEngine {
  readonly promise: string;
  readonly what: string;
  /** Below `src`. */
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly put: string;
  /** The first seed that caught it when it was last looked for. */
  readonly seed?: number;
}

const broken = (promise: string, what: string, file: string, find: string, put: string, seed?: number): BrokenEngine => ({ promise, what, file, find, put, ...(seed === undefined ? {} : { seed }) });

export const BROKEN_ENGINES: readonly BrokenEngine[] = [
  broken('1 no lost work', 'what a dead owner had in hand stays so', 'targets/claim.ts', 'WHERE account = $1 AND claimed AND resource <> ALL($3)', 'WHERE account = $1 AND claimed AND false AND resource <> ALL($3)', 12),
  broken('1 no lost work', 'a claim whose answer was lost stays so', 'targets/target-worker.ts', '        recovered = false;\n', '', 13),
  broken('1 no lost work', 'no look after an unfinished attempt', 'reconcile/decide.ts', 'if (lost || adoption) return used;', 'if (adoption) return used;', 57),
  broken('1 no lost work', 'names that were tried are forgotten', 'targets/claim.ts', 'return deleted || presence?.name === name ? tried : { ...tried, [name]: now };', 'return tried;', 8),
  broken('1 no lost work', 'an unknown outcome counts as refused', 'reconcile/failed-call.ts', "unfinished: partial || work.lost || error.options.effect === 'unknown'", 'unfinished: false', 8),
  broken('1 no lost work', 'deleted before it was known to be there: forgotten', 'reconcile/open.ts', 'return binding.deleted && binding.presence === null && !lost\n', 'return binding.deleted && binding.presence === null\n', 8),
  broken('1 no lost work', 'the intent is not told before a create', 'targets/claim.ts', "return { binding: { ...claimed, unfinished: true, state: 'Syncing' }, events: [event], meta", "return { binding: { ...claimed, unfinished: true, state: 'Syncing' }, events: [event].slice(1), meta", 1),
  broken('1 no lost work', 'a deletion that saw nothing counts as done', 'reconcile/carry-out.ts', "if (!seen) return lookAgain(pass, 'what was made a moment ago may not be visible yet');", 'void seen;', 10),
  broken('1 no lost work', 'a stranger under the new name hides what is not visible yet', 'reconcile/decide.ts', 'if (found && !isBeside) return', 'if (found && (!isBeside || isBeside)) return', 96),
  broken('1 no lost work', 'not visible under its old name: made again', 'reconcile/decide.ts', '|| isUnseenUnder(pass, ages)) return', '|| (isUnseenUnder(pass, ages) && false)) return', 34),
  broken('2 zero writes', 'what is equal counts as different', 'reconcile/shape.ts', '.filter(([key, value]) => present[key] !== value)', ".filter(([key, value]) => present[key] !== value || key === 'cost')", 1),
  broken('3 order', 'relations to what is not there yet are left out and never made', 'reconcile/shape.ts', "blocked.push(...ids.filter((id) => work.ends.get(id)?.is === 'pending')", "blocked.push(...ids.filter((id) => work.ends.get(id)?.is === 'pending' && id === '')", 29),
  broken('3 order', 'a dependency that settles wakes nobody', 'record/wake.ts', "...(presence !== null || gone ? [awaitedKey({ until: 'present', resource })] : []),", '', 29),
  broken('3 order', 'a relation is made before its other end is', 'targets/load-work.ts', "if (presence === null) return { is: 'pending' };", "if (presence === null) return { is: 'ready', name: `early-${String(end.id)}` };", 17),
  broken('5 retries', 'Retry-After is not heeded', 'record/backoff.ts', 'Math.max(retryAfterMs, Math.round(random.next() * ceiling))', 'Math.round(random.next() * ceiling)', 8),
  broken('5 retries', 'tried for ever', 'record/settle.ts', 'if (binding.retryCount >= (maxRetries ?? config.retry.maxRetries)) return undefined;', '', 4),
  broken('5 retries', 'never tried again', 'record/settle.ts', 'return final !== true && (error.retryable || ', "return final !== true && (error.code === 'Timeout' || ", 4),
  broken('5 retries', 'the time of the next attempt is not stored', 'record/settle.ts', '{ dueAt: retryAt, lane: 1, retryCount', '{ dueAt: null, lane: 1, retryCount', 4),
  broken('7 coalescing', 'what came in while a pass ran is not looked at', 'record/settle.ts', 'binding: current.generation > work.binding.generation ? onceMore(rested, current, judge) : rested', 'binding: current.generation > work.binding.generation + 1_000 ? onceMore(rested, current, judge) : rested', 3),
  broken('7 coalescing', 'an event folds into an old generation', 'fold/evaluate.ts', '...binding, generation: binding.generation + 1, dueAt: waits', '...binding, generation: binding.generation, dueAt: waits', 3),
  broken('8 ownership', 'unmarked things count as ours', 'reconcile/ownership.ts', "? 'ours' : 'nobodys';", "? 'ours' : 'ours';", 7),
  broken('8 ownership', 'a conflict is overwritten unasked', 'reconcile/decide.ts', "case 'fail': return { do: 'conflict', existing: found };", "case 'fail':", 7),
  broken('8 ownership', 'marks that others took off are not put back', 'reconcile/ownership.ts', 'return mark === undefined && presence?.unmarked !== true;', 'return mark === undefined && presence === undefined;', 13),
  broken('10 quarantine', 'rejected credentials consume attempts', 'record/settle.ts', "const counts = retryAt !== undefined && error.code !== 'AuthExpired';", 'const counts = retryAt !== undefined;', 5),
  broken('11 drift', 'asked to compare, it does not look', 'reconcile/decide.ts', 'if (binding.verifySince !== null) return handler.facets;', '', 13),
  broken('one owner', 'a lease that is not over is taken', 'targets/lease.ts', 'WHERE lease_until < clock_timestamp() ORDER BY', "WHERE lease_until < clock_timestamp() + interval '11 seconds' ORDER BY", 46),
  broken('one owner', 'outcomes of a former owner are recorded', 'targets/lease.ts', 'WHERE owner = $1 AND (account, epoch) IN (SELECT * FROM unnest($2::text[], $3::bigint[])) ORDER BY account FOR SHARE', 'WHERE (owner = $1 OR true) AND (account, epoch * 0) IN (SELECT a, e * 0 FROM unnest($2::text[], $3::bigint[]) AS u (a, e)) ORDER BY account FOR SHARE', 120),
  broken('exactly once', 'an outcome is recorded twice', 'record/settle.ts', 'if (!current.claimed) return undefined;', '', 102),
  broken('settings', 'new tags of a tenant do not reach what is there', 'fold/evaluate.ts', '|| (retag && !deleted)', '|| (retag && deleted)', 20),
  broken('pauses', 'a pause holds nothing', 'pauses/standing-pauses.ts', 'WHERE ended IS NULL ORDER BY id FOR SHARE', 'WHERE ended IS NULL AND false ORDER BY id FOR SHARE', 11),
  broken('pauses', 'what a pause laid aside is not released', 'pauses/release.ts', 'return { ...binding, pausedBy: null, dueAt: now,', 'return { ...binding, pausedBy: null, dueAt: null,', 4),
  broken('jobs', 'outcomes do not say which job they answer', 'record/verdict.ts', 'operation, jobs: binding.jobs };', 'operation, jobs: [] };', 1),
];
