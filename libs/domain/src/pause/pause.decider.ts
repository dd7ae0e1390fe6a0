import type { PauseEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DomainError } from '../domain-error';
import { eventAbout, type ResourceRef } from '../resource-ref';
import type { PauseSelection } from './pause-selection';

export interface PauseDocument extends Omit<PauseSelection, 'tenant'> {
  /** Blank where it was about somebody who was erased. */
  readonly reason: string;
  /** RFC 3339 in UTC. */
  readonly until?: string;
}

export type Pause = { readonly status: 'none' } | { readonly status: 'active' | 'ended'; readonly document: PauseDocument };

export type PauseCommand = { readonly ref: ResourceRef } & (
  | { readonly type: 'start'; readonly now: string; readonly pause: PauseDocument }
  | { readonly type: 'end'; readonly reason?: string; readonly together?: readonly string[] });

/** Longer ones are forgotten ones. */
const LONGEST_MS = 366 * 86_400_000;

function decide(pause: Pause, command: PauseCommand): PauseEvent[] {
  switch (command.type) {
    case 'start': return start(pause, command);
    case 'end': return end(pause, command);
    default: return unreachable(command);
  }
}

function start(pause: Pause, { ref, now, pause: { reason, ...data } }: Extract<PauseCommand, { type: 'start' }>): PauseEvent[] {
  if (pause.status !== 'none') throw new DomainError('ValidationFailed', 'the pause exists already');
  if (data.until !== undefined) checkUntil(data.until, now);
  return [eventAbout<PauseEvent>('pause', ref, { type: 'wami.pause.started.v1', data, personal: { reason } }, data.resource)];
}

function checkUntil(until: string, now: string): void {
  if (until <= now) throw new DomainError('ValidationFailed', 'must be in the future', '/until');
  if (Date.parse(until) - Date.parse(now) > LONGEST_MS) throw new DomainError('ValidationFailed', 'must be within a year; leave it out to pause until somebody resumes', '/until');
}

/** What was ended stays as it is. */
function end(pause: Pause, { ref, reason, together = [] }: Extract<PauseCommand, { type: 'end' }>): PauseEvent[] {
  if (pause.status !== 'active') return [];
  const data = together.length === 0 ? {} : { together: [...together] };
  return [eventAbout<PauseEvent>('pause', ref, { type: 'wami.pause.ended.v1', data, personal: reason === undefined ? {} : { reason } }, pause.document.resource)];
}

function evolve(pause: Pause, event: PauseEvent): Pause {
  switch (event.type) {
    case 'wami.pause.started.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.pause.ended.v1': return pause.status === 'active' ? { status: 'ended', document: pause.document } : pause;
    default: return unreachable(event);
  }
}

export const pauseDecider = { initialState: { status: 'none' } as Pause, decide, evolve } satisfies Decider<Pause, PauseCommand, PauseEvent>;
