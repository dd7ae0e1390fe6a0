import { InvalidFault } from '../faults/fault-plan';
import type { Faults } from '../faults/faults';
import { parseScheduledFault } from '../faults/parse-faults';
import type { CallCounters } from './call-counters';

export interface ControlAnswer {
  readonly status: number;
  readonly body?: unknown;
}
export interface Controlled {
  /** What the account really holds. */
  snapshot(): unknown;
  /** Empties the account. */
  clear(): void;
  readonly faults: Faults;
  readonly counters: CallCounters;
}

export const CONTROL_PREFIX = '/_sandbox/';

/**
 * The sandbox's own JSON API, never throttled or delayed:
 * `GET /_sandbox/state`, `DELETE /_sandbox/state` (an empty account), `GET /_sandbox/calls`,
 * `GET /_sandbox/faults`, `PUT` (replaces the standing faults), `PATCH` (changes some), `DELETE` (none, and nothing scripted),
 * `POST /_sandbox/faults/next` (a scripted fault), `POST /_sandbox/faults/at` (`{ call, kind }`).
 */
export function control(context: Controlled, method: string, path: string, body: string): ControlAnswer {
  try {
    return route(context, `${method} ${path.slice(CONTROL_PREFIX.length)}`, body);
  } catch (error) {
    if (error instanceof InvalidFault || error instanceof SyntaxError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

function route({ snapshot, clear, faults, counters }: Controlled, endpoint: string, body: string): ControlAnswer {
  switch (endpoint) {
    case 'GET state': return { status: 200, body: snapshot() };
    case 'DELETE state': clear(); return { status: 204 };
    case 'GET calls': return { status: 200, body: { calls: counters.calls(), writes: counters.writes(), faults: faults.injected() } };
    case 'GET faults': return showFaults(faults);
    case 'PUT faults': faults.replace(JSON.parse(body)); return showFaults(faults);
    case 'PATCH faults': faults.set(JSON.parse(body)); return showFaults(faults);
    case 'DELETE faults': faults.reset(); return showFaults(faults);
    case 'POST faults/next': faults.next(JSON.parse(body)); return showFaults(faults);
    case 'POST faults/at': return scheduleFault(faults, body);
    default: return { status: 404, body: { error: `the sandbox has no ${endpoint}` } };
  }
}

const showFaults = (faults: Faults): ControlAnswer => ({ status: 200, body: { ...faults.get(), pending: faults.pending(), seed: faults.seed } });

function scheduleFault(faults: Faults, body: string): ControlAnswer {
  const { call, kind } = parseScheduledFault(JSON.parse(body));
  faults.at(call, kind);
  return showFaults(faults);
}
