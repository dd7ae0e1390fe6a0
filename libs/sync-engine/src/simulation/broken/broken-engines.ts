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
  /** As `seed`, of the core alone; absent where that is not what is broken. */
  readonly coreSeed?: number;
}

const broken = (promise: string, what: string, file: string, find: string, put: string, seed?: number, coreSeed?: number): BrokenEngine =>
  ({ promise, what, file, find, put, ...(seed === undefined ? {} : { seed }), ...(coreSeed === undefined ? {} : { coreSeed }) });

export const BROKEN_ENGINES: readonly BrokenEngine[] = [
  broken('1 no lost work', 'what a dead owner had in hand stays so', 'targets/claim.ts', 'WHERE account = $1 AND claimed AND resource <> ALL($3)', 'WHERE account = $1 AND claimed AND false AND resource <> ALL($3)', 17),
  broken('1 no lost work', 'a claim whose answer was lost stays so', 'targets/target-worker.ts', '        recovered = false;\n', '', 92),
  broken('1 no lost work', 'no look after an unfinished attempt', 'reconcile/decide.ts', 'if (lost || work.nameDoubted || adoption) return used;', 'if (work.nameDoubted || adoption) return used;', 57, 92),
  broken('1 no lost work', 'names that were tried are forgotten', 'targets/claim.ts', 'return deleted || presence?.name === name ? tried : { ...tried, [name]: now };', 'return tried;', 115, 18),
  broken('1 no lost work', 'an unknown outcome counts as refused', 'reconcile/failed-call.ts', "unfinished: partial || work.lost || error.options.effect === 'unknown'", 'unfinished: false', 8, 57),
  broken('1 no lost work', 'deleted before it was known to be there: forgotten', 'reconcile/open.ts', 'return binding.deleted && binding.presence === null && !lost\n', 'return binding.deleted && binding.presence === null\n', 8, 3),
  broken('1 no lost work', 'the intent is not told before a create', 'targets/claim.ts', "return { binding: { ...claimed, unfinished: true, state: 'Syncing' }, events: [event], meta", "return { binding: { ...claimed, unfinished: true, state: 'Syncing' }, events: [event].slice(1), meta", 1, 1),
  broken('1 no lost work', 'a deletion that saw nothing counts as done', 'reconcile/carry-out.ts', "  if (!seen) return 'what was made a moment ago may not be visible yet';\n", '', 10, 115),
  broken('1 no lost work', 'not visible under its old name: made again', 'reconcile/decide.ts', '|| isUnseenUnder(pass, ages) ||', '|| (isUnseenUnder(pass, ages) && false) ||', 261, 217),
  broken('1 no lost work', 'two lost creates whose names are swapped never step aside', 'reconcile/carry-out.ts', 'presence: firstSeen(pass, ours, stage.clock.now()), unfinished: true', 'unfinished: true', undefined, 870),
  broken('1 no lost work', "what another took over is taken for one's own name", 'reconcile/decide.ts', "if (found === undefined || (owner === 'anothers' && found.name !== pass.wanted.desired.name)) return", 'if (found === undefined) return', undefined, 4289),
  broken('1 no lost work', 'a second call for a name is forgotten', 'record/late-effects.ts', 'const asked = name === undefined ? askedAgain :', 'const asked = name === undefined || name ? askedAgain :', undefined, 539),
  broken('1 no lost work', 'what a dead process may have asked for once more is forgotten', 'targets/claim.ts', '? { ...before, [name]: now } : before;', '? before : before;', undefined, 25718),
  broken('1 no lost work', 'a create beside what is on record is no second call', 'reconcile/carry-out.ts', 'askedAgain: isOnRecord ? wanted.desired.name : askedAgain', 'askedAgain: askedAgain', undefined, 26805),
  broken('1 no lost work', 'no later look for what comes about late', 'record/late-effects.ts', 'return lost && !isLongOver(work, sightMs) ?', 'return lost && now < 0 && !isLongOver(work, sightMs) ?', undefined, 5911),
  broken('1 no lost work', 'a name is given while a call by it may come about', 'targets/names-going.ts', 'return open.length === 0 ?', 'return open.length >= 0 ?', undefined, 32595),
  broken('8 ownership', 'what another took over a moment ago is taken for unmarked', 'reconcile/carry-out.ts', '(givenAt(kind, name, resource) ?? -Infinity) < visibilityMs', '(givenAt(kind, name, resource) ?? -Infinity) < 0', undefined, 33997),
  broken('3 order', 'a limit that a lost attempt set stays', 'reconcile/boundary.ts', '|| tried.some((end)', '|| tried.slice(tried.length).some((end)', undefined, 12847),
  broken('1 no lost work', 'who had the name before is taken for who has it now', 'reconcile/decide.ts', "if (found && !isBeside) return rest < (lost ? sightMs : visibilityMs) ? { do: 'look-again' } : ", 'if (found && !isBeside) return ', undefined, 1325),
  broken('1 no lost work', 'deleted by a name that another was given a moment ago', 'reconcile/decide.ts', 'return nameGivenAt !== undefined && now', 'return nameGivenAt === 0 && now', undefined, 2461),
  broken('1 no lost work', 'deleted by the name that a late look shows, and that is all', 'reconcile/decide.ts', 'return lost && Object.entries(tried).some(([other, at]) => other !== name &&', 'return lost && Object.entries(tried).some(([other, at]) => other === name &&', undefined, 3433),
  broken('1 no lost work', 'a late look under the name before is believed', 'reconcile/decide.ts', 'return mayMove(pass, found, ages) || isOfBefore(pass, found, ages) ?', 'return mayMove(pass, found, ages) ?', undefined, 7594),
  broken('1 no lost work', 'what a lost create made was not made lately', 'reconcile/presence.ts', 'presence === null ? lastAskedFor(work) : presence.createdAt', 'presence?.createdAt', undefined, 10951),
  broken('11 direction', 'what a tenant that pulls leaves there is forgotten', 'direction/directed.ts', 'reason: DELETED_HERE, presence, unfinished: lost }', 'reason: DELETED_HERE, presence }', undefined, 10733),
  broken('11 direction', 'a create that nobody answered is forgotten where the tenant pulls', 'direction/directed.ts', 'reason: CHANGED_HERE, unfinished: lost }', 'reason: CHANGED_HERE }', undefined, 12553),
  broken('1 no lost work', 'a comparison that may write is no attempt', 'targets/claim.ts', " && 'pass' in opening && (opening.pass.changes === undefined || work.config.direction !== 'push');", ';', undefined, 12488),
  broken('1 no lost work', 'a name that is given up wakes nobody', 'record/settle.ts', "state === 'Gone' || (before !== null && before.name !== presence?.name)", "state === 'Gone'", undefined, 260),
  broken('settings', 'a deletion in hand does not hear that it is to be made now', 'fold/evaluate.ts', "state === 'Skipped' || claimed", "state === 'Skipped'", undefined, 2431),
  broken('1 no lost work', 'an outcome is recorded twice', 'record/settle.ts', '  if (!current.claimed) return undefined;\n', '', 76),
  broken('1 no lost work', 'nobody waits for his turn with a name', 'targets/name-turns.ts', 'return works.filter((work) => !this.held.has(work));', 'return works;', 129, 31),
  broken('2 zero writes', 'what is equal counts as different', 'reconcile/shape.ts', '.filter(([key, value]) => present[key] !== value)', ".filter(([key, value]) => present[key] !== value || key === 'cost')", 1, 1),
  broken('3 order', 'relations to what is not there yet are left out and never made', 'reconcile/shape.ts', "blocked.push(...ids.filter((id) => work.ends.get(id)?.is === 'pending')", "blocked.push(...ids.filter((id) => work.ends.get(id)?.is === 'pending' && id === '')", 29, 20),
  broken('3 order', 'a dependency that settles wakes nobody', 'record/wake.ts', "...(presence !== null || state === 'Gone' ? [{ key: awaitedKey({ until: 'present', resource }) }] : []),", '', 255),
  broken('3 order', 'a relation is made before its other end is', 'targets/load-work.ts', "if (presence === null) return { is: 'pending', paused, ...rests, ", "if (presence === null) return { is: 'ready', name: `early-${String(end.id)}`, ", 17, 20),
  broken('3 order', 'made without what is to limit it while that is not there', 'reconcile/boundary.ts', "if (is === 'ready') return undefined;", 'if (is !== undefined) return undefined;', undefined, 27),
  broken('3 order', 'a limit that is not wanted any more stays', 'reconcile/boundary.ts', "? { [BOUNDARY]: '' } : {};", '? {} : {};', undefined, 471),
  broken('3 order', 'what takes access away goes last', 'targets/pick.ts', 'CASE WHEN lane = -1 THEN 0', 'CASE WHEN lane = -1 THEN 4', 152),
  broken('inline policies', 'one that is not wanted any more stays', 'reconcile/parts.ts', "gone.map(([field]) => [field, ''])", "gone.slice(gone.length).map(([field]) => [field, ''])", undefined, 209),
  broken('inline policies', 'one of somebody else is replaced unasked', 'reconcile/parts.ts', "if (strategy === 'overwrite' || strategy === 'merge') return [];", "if (strategy !== undefined) return [];", undefined, 1194),
  broken('inline policies', 'those that an attempt may have put are forgotten', 'targets/claim.ts', '...(binding.deleted ? {} : triedParts(wanted.fields)),', '', undefined, 1223),
  broken('3 order', 'who was related to what others replaced hears nothing', 'record/settle.ts', '? { replaced: true } : {}', '? {} : {}', undefined, 40214),
  broken('5 retries', 'Retry-After is not heeded', 'record/backoff.ts', 'Math.max(retryAfterMs, Math.round(random.next() * ceiling))', 'Math.round(random.next() * ceiling)', 8, 2),
  broken('5 retries', 'tried for ever', 'record/settle.ts', 'if (binding.retryCount >= (maxRetries ?? config.retry.maxRetries)) return undefined;', '', 4, 14),
  broken('5 retries', 'never tried again', 'record/settle.ts', 'return final !== true && (error.retryable || ', "return final !== true && (error.code === 'Timeout' || ", 4, 1),
  broken('5 retries', 'the time of the next attempt is not stored', 'record/settle.ts', '{ dueAt: retryAt, lane: laneOfRetry', '{ dueAt: null, lane: laneOfRetry', 4, 2),
  broken('7 coalescing', 'what came in while a pass ran is not looked at', 'record/settle.ts', 'binding: current.generation > work.binding.generation ? onceMore(rested, current, judge) : rested', 'binding: current.generation > work.binding.generation + 1_000 ? onceMore(rested, current, judge) : rested', 3, 11),
  broken('7 coalescing', 'an event folds into an old generation', 'fold/evaluate.ts', '...binding, generation: binding.generation + 1, dueAt: waits', '...binding, generation: binding.generation, dueAt: waits', 3, 11),
  broken('8 ownership', 'unmarked things count as ours', 'reconcile/ownership.ts', "? 'ours' : 'nobodys';", "? 'ours' : 'ours';", 7, 4),
  broken('8 ownership', "another resource's mark counts as one's own", 'reconcile/ownership.ts', "found.id === mark.id && (found", '(found', undefined, 15),
  broken('8 ownership', 'a conflict is overwritten unasked', 'reconcile/decide.ts', "case 'fail': return { do: 'conflict', existing: found };", "case 'fail':", 7, 5),
  broken('8 ownership', 'marks that others took off are not put back', 'reconcile/ownership.ts', 'return mark === undefined && presence?.unmarked !== true;', 'return mark === undefined && presence === undefined;', 13, 155),
  broken('10 quarantine', 'rejected credentials consume attempts', 'record/settle.ts', "retryAt !== undefined && judge.pausedUntil === undefined && error.code !== 'AuthExpired';", 'retryAt !== undefined;', 5, 23),
  broken('11 drift', 'asked to compare, it does not look', 'reconcile/decide.ts', 'if (binding.verifySince !== null) return handler.facets;', '', 13, 86),
  broken('one owner', 'a lease that is not over is taken', 'targets/lease.ts', 'WHERE lease_until < clock_timestamp() ORDER BY', "WHERE lease_until < clock_timestamp() + interval '11 seconds' ORDER BY", 19),
  broken('9 deletes', 'the guard is never decided', 'guard/judge-tenant.ts', 'if (!open && !budgets.some(isOver)) return { withheld };', 'if (!open) return { withheld };', 109),
  broken('imports', 'what could not get its new name counts as ours', 'reconcile/carry-out.ts', 'return presence === null && ours.mark ? {', 'return presence === null ? {', undefined, 793),
  broken('imports', 'whatever has the name is taken for what was imported', 'reconcile/decide.ts', ' || found.providerResourceId !== pass.adoption?.providerResourceId) {', ') {', undefined, 2726),
  broken('imports', 'calls by the name of what was imported count for nobody', 'reconcile/work.ts', '...(imported ? [imported.name] : []), ', '', undefined, 285),
  broken('imports', 'a listing that begins anew tells all of it again', 'imports/import-table.ts', 'ON CONFLICT DO NOTHING RETURNING item', 'ON CONFLICT (job, account, item) DO UPDATE SET item = excluded.item RETURNING item', 59),
  broken('observe mode', 'it writes', 'reconcile/carry-out.ts', 'if (pass.observeOnly && isWrite(action)) return', "if (pass.observeOnly && isWrite(action) && action.do !== 'create') return", 99),
  broken('8 ownership', 'what a merge finds is taken away', 'merge/merge.ts', 'removeTags: changes.removeTags.filter((key) => key in (remembered?.tags ?? {}))', 'removeTags: changes.removeTags', undefined, 375),
  broken('8 ownership', 'what was merged is not told', 'record/settle.ts', '...(taken ? [takenOverEvent(provider, work.binding, work.resource, taken)] : [])', '...(taken ? [] : [])', undefined, 375),
  broken('11 drift', 'what is not visible yet is told to have drifted', 'drift/difference.ts', 'if (found === undefined && now - (presence.createdAt ?? -Infinity) < visibilityMs) return undefined;', '', 215),
  broken('11 drift', 'no schedule is ever due', 'drift/target-drift.ts', 'dueAt <= clock.now() && !planned', 'dueAt <= 0 && !planned', 488),
  broken('targets', 'the other ends of relations are looked for at every account', 'targets/load-work.ts', 'WHERE account = $1 AND resource = e.id OFFSET 0) b', "WHERE account || '' >= left($1, 0) AND resource = e.id OFFSET 0) b", 46),
  broken('settings', 'new tags of a tenant do not reach what is there', 'fold/evaluate.ts', '|| (retag && (!deleted', '|| (retag && (deleted', 20, 106),
  broken('pauses', 'a pause holds nothing', 'pauses/standing-pauses.ts', 'WHERE ended IS NULL ORDER BY id FOR SHARE', 'WHERE ended IS NULL AND false ORDER BY id FOR SHARE', 27),
  broken('pauses', 'what a pause laid aside is not released', 'pauses/release.ts', 'return { ...binding, pausedBy: null, dueAt: now,', 'return { ...binding, pausedBy: null, dueAt: null,', 4, 1),
  broken('triggers', 'what a trigger holds goes when it is due already', 'triggers/hold-back.ts', 'return binding.held && binding.wanted &&', 'return binding.held && !binding.held &&', undefined, 250),
  broken('triggers', 'what is due when its trigger is turned off goes on', 'fold/evaluate.ts', '&& stopped.includes(operationOf(binding))', '&& stopped.length > 3', undefined, 250),
  broken('triggers', 'a trigger that is off holds nothing', 'fold/evaluate.ts', 'if (isHeld(next, settings)) return', 'if (isHeld(next, settings) && next.wanted === !next.wanted) return', undefined, 17),
  broken('triggers', 'what a trigger held is not released when it is on', 'fold/evaluate.ts', '!(wanted && next.held)', '!(wanted && next.held && next.lane > 1)', undefined, 31),
  broken('plans', 'an approval by another hash is taken', 'plans/apply-plan.ts', "!== plan.hash ? 'other-hash' : undefined", '!== plan.hash ? undefined : undefined', 216),
  broken('plans', 'a plan is carried out as often as it is approved', 'plans/apply-plan.ts', "if (plan.state === 'applied') return 'applied';", '', 42),
  broken('11 direction', 'what is changed here is written also where the tenant pulls', 'direction/directed.ts', "if (direction === 'push' || (action", "if (direction !== 'bidirectional' || (action", undefined, 290),
  broken('jobs', 'outcomes do not say which job they answer', 'record/verdict.ts', 'operation, jobs: binding.jobs };', 'operation, jobs: [] };', 1, 1),
  broken('jobs', 'who waits in vain does not say so', 'record/settle.ts', 'isInVain(outcome) ? work.binding.jobs : []', '[]', undefined, 113),
  broken('jobs', 'who asked hears of the first attempt only', 'record/settle.ts', 'settles: retryAt === undefined ? work.binding.jobs : [],', 'settles: work.binding.jobs,', undefined, 4),
  broken('jobs', 'who waits for the name of what failed for good is told nothing', 'reconcile/conflict.ts', '(holder?.rests === false && holder.waitsFor.length > 0)', '(holder !== undefined && holder.waitsFor.length > 0)', undefined, 606),
];
