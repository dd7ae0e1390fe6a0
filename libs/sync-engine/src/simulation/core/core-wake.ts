import type { Binding } from '../../bindings/binding';
import type { CoreMemory } from './core-memory';
import type * as PureCore from './pure-core';

/** Whether another thing of ours has the name that is on record for this one, or may have it by now. */
export function isNameTwice({ bindings }: CoreMemory, { resource, kind, presence }: Binding, isOtherEnd: (kind: string) => boolean): boolean {
  if (presence === null || !isOtherEnd(kind)) return false;
  return [...bindings.values()].some((other) => other.resource !== resource && other.kind === kind
    && (other.presence?.name === presence.name || ((other.claimed || other.unfinished) && presence.name in other.tried)));
}

/** Makes due who waits for what has come about with these: what the shell does in SQL. */
export function wakeWaiting(core: typeof PureCore, memory: CoreMemory, rested: readonly Binding[]): void {
  const keys = new Set(rested.flatMap((binding) => [...keysOf(core, binding), ...(closesCircle(memory, binding) ? [core.awaitedKey({ until: 'settled', resource: binding.resource })] : [])]));
  for (const binding of [...memory.bindings.values()]) {
    if (binding.waitingFor === null || (binding.held && binding.plan === null)) continue;
    const awaited = core.awaitedOf(binding.waitingFor);
    const end = memory.bindings.get(awaited.resource);
    const isNamed = awaited.until === 'named' && end !== undefined && !core.nameInMotion(end) && !isNameTwice(memory, end, core.isOtherEnd);
    const isLate = end !== undefined && rested.some(({ resource }) => resource === binding.resource) && hasComeAbout(awaited.until, end);
    if (keys.has(binding.waitingFor) || isNamed || isLate) memory.wake(binding);
  }
}

const LONGEST_CIRCLE = 100;

/** Whether those that it waits for, one for the other, wait for it. */
function closesCircle({ bindings }: CoreMemory, { resource, waitingFor }: Binding): boolean {
  let next = nameAwaited(waitingFor);
  for (let links = 1; next !== undefined && next !== resource && links < LONGEST_CIRCLE; links++) next = nameAwaited(bindings.get(next)?.waitingFor ?? null);
  return next === resource;
}

function nameAwaited(waitingFor: string | null): string | undefined {
  return waitingFor?.startsWith('settled:') ? waitingFor.slice('settled:'.length) : undefined;
}

function keysOf({ awaitedKey }: typeof PureCore, { resource, presence, state, dueAt, pausedBy, waitingFor }: Binding): string[] {
  const isGone = state === 'Gone';
  return [
    ...(presence !== null || isGone ? [awaitedKey({ until: 'present', resource })] : []),
    ...(isGone ? [awaitedKey({ until: 'gone', resource })] : []),
    ...(dueAt === null && pausedBy === null && !(state === 'Pending' && nameAwaited(waitingFor) !== undefined) ? [awaitedKey({ until: 'settled', resource })] : []),
  ];
}

/** Before somebody began to wait for it. */
function hasComeAbout(until: string, { wanted, deleted, presence, dueAt, pausedBy, claimed, waitingFor }: Binding): boolean {
  if (until === 'present') return wanted && !deleted && presence !== null;
  return until === 'settled' && dueAt === null && pausedBy === null && !claimed && waitingFor?.startsWith('settled:') !== true;
}
