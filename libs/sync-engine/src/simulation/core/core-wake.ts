import type { Binding } from '../../bindings/binding';
import type { CoreMemory } from './core-memory';
import type * as PureCore from './pure-core';

/** Whether another thing of ours has the name that is on record for this one, or may have it by now. */
export function isNameTwice({ bindings }: CoreMemory, { resource, kind, presence }: Binding, isOtherEnd: (kind: string) => boolean): boolean {
  if (presence === null || !isOtherEnd(kind)) return false;
  return [...bindings.values()].some((other) => other.resource !== resource && other.kind === kind
    && (other.presence?.name === presence.name || ((other.claimed || other.unfinished) && presence.name in other.tried)));
}

/** Makes due who waits for what has come about with this: what the shell does in SQL. */
export function wakeWaiting(core: typeof PureCore, memory: CoreMemory, { binding: rested, appeared, leftName, lacksName, inVain, replaced, toldPaused }: PureCore.Settled): void {
  const asked = new Set(keysInVain(core, rested));
  const keys = new Set([...keysOf(core, rested, leftName), ...(rested.pausedBy === null ? [] : core.aboutPause(rested.resource)), ...(closesCircle(core, memory, rested) ? (['settled', 'gone'] as const).map((until) => core.awaitedKey({ until, resource: rested.resource })) : [])]);
  for (const binding of [...memory.bindings.values()]) {
    if (binding.waitingFor === null || (binding.held && binding.plan === null)) continue;
    const { until, resource } = core.awaitedOf(binding.waitingFor);
    const end = memory.bindings.get(resource);
    const isNamed = until === 'named' && end !== undefined && !core.nameInMotion(end) && !isNameTwice(memory, end, core.isOtherEnd);
    const isLate = end !== undefined && rested.resource === binding.resource && ((toldPaused !== undefined && toldPaused !== (end.pausedBy !== null)) || hasComeAbout(core, until, end, { lacksName, leftName }) || (!inVain && isAwaitedInVain(core, until, end, binding)) || (until === 'present' && end.wanted && !end.deleted && core.isLeftOut(end) && binding.state !== 'Skipped'));
    const isOther = appeared === true && until === 'present' && memory.isRelated(binding.resource, rested.resource);
    if (keys.has(binding.waitingFor) || (asked.has(binding.waitingFor) && (binding.jobs.length > 0 || (core.isLeftOut(rested) && binding.state !== 'Skipped'))) || isNamed || isLate || isOther) memory.wake(binding);
  }
  for (const binding of replaced && core.isOtherEnd(rested.kind) ? [...memory.bindings.values()] : []) {
    if (memory.isRelated(binding.resource, rested.resource) && binding.wanted && !binding.deleted && binding.presence !== null && !(binding.held && binding.plan === null)) memory.compare(binding);
  }
}

const LONGEST_CIRCLE = 100;

/** Whether those that it waits for, one for the other, wait for it. */
function closesCircle({ nameAwaited }: typeof PureCore, { bindings }: CoreMemory, { resource, waitingFor }: Binding): boolean {
  let next = nameAwaited(waitingFor);
  for (let links = 1; next !== undefined && next !== resource && links < LONGEST_CIRCLE; links++) next = nameAwaited(bindings.get(next)?.waitingFor ?? null);
  return next === resource;
}

function keysOf({ awaitedKey, nameAwaited }: typeof PureCore, { resource, presence, state, dueAt, pausedBy, waitingFor }: Binding, leftName: boolean | undefined): string[] {
  return [
    ...(presence !== null || state === 'Gone' ? [awaitedKey({ until: 'present', resource })] : []),
    ...(leftName ? [awaitedKey({ until: 'gone', resource })] : []),
    ...(dueAt === null && pausedBy === null && (nameAwaited(waitingFor) === undefined || state === 'Failed') ? [awaitedKey({ until: 'settled', resource })] : []),
  ];
}

/** What it rests without. */
function keysInVain({ awaitedKey, rests }: typeof PureCore, binding: Binding): string[] {
  const { resource, presence, state, pausedBy, unfinished } = binding;
  return rests(binding) && pausedBy === null && state !== 'Gone' && (presence === null || unfinished) ? [awaitedKey({ until: presence === null ? 'present' : 'named', resource })] : [];
}

function isAwaitedInVain({ rests }: typeof PureCore, until: string, end: Binding, { jobs }: Binding): boolean {
  return until === 'present' && end.wanted && !end.deleted && end.presence === null && rests(end) && jobs.length > 0;
}

/** Before somebody began to wait for it. */
function hasComeAbout({ nameAwaited }: typeof PureCore, until: string, { wanted, deleted, presence, state, dueAt, pausedBy, claimed, waitingFor }: Binding, { lacksName, leftName }: Pick<PureCore.Settled, 'lacksName' | 'leftName'>): boolean {
  if (until === 'present') return wanted && !deleted && presence !== null;
  if (until === 'gone') return state === 'Gone' || (presence !== null && presence.name !== lacksName);
  return until === 'settled' && dueAt === null && pausedBy === null && !claimed && (nameAwaited(waitingFor) === undefined || (state === 'Failed' && !leftName));
}
