import type { BindingEvent, SyncOperation } from '@wami/contracts';
import { PARTS } from '@wami/provider-port';
import { operationOf, type Presence } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import type { BindingChange } from '../database/engine-database';
import type { Work } from '../reconcile/work';
import { about, type Verdict } from '../record/verdict';
import type { Withheld } from './withheld';

/** Its jobs hear that no more is done for now, and are answered by the next settling outcome all the same. */
function guardedEvent(provider: string, work: Work, operation: SyncOperation, { approval, reason }: Withheld): BindingEvent {
  return bindingEvent('wami.sync.waiting.v1', provider, work.binding, about(work, operation), { reason, approval }, {});
}

/** A due deletion that nobody has in hand waits instead of being claimed; all that was counted and asked for stays. */
export function layAsideFor(provider: string, work: Work, withheld: Withheld): BindingChange {
  const { binding } = work;
  return {
    binding: { ...binding, state: 'Pending', errorCode: null, guardedBy: withheld.approval, dueAt: null, waitingFor: null, pausedBy: null, askedAt: null },
    events: [guardedEvent(provider, work, operationOf(binding), withheld)], meta: binding.cause,
  };
}

/** All else is as it should be: what is held stands at the target, and is known to. */
export function settleGuarded(provider: string, work: Work, withheld: Withheld, operation: SyncOperation, presence: Presence | null): Verdict {
  return {
    events: [guardedEvent(provider, work, operation, withheld)], settles: [],
    row: { state: 'Pending', guardedBy: withheld.approval, verifySince: null, ...heldPresence(work, { presence }) },
  };
}

/** What is held of a pass stands at the target, also where only an attempt of ours made it. */
export function heldPresence({ withheld }: Pick<Work, 'withheld'>, { presence }: { readonly presence: Presence | null }): { readonly presence?: Presence } {
  return withheld && presence ? { presence: standing(presence, withheld) } : {};
}

function standing(presence: Presence, { takes }: Withheld): Presence {
  const facets: Record<string, readonly string[]> = { ...presence.facets };
  for (const take of takes) {
    const [facet = '', id = ''] = take.split(':', 2);
    // Its fields say that it stands.
    if (PARTS.some((part) => part === facet)) continue;
    facets[facet] = [...new Set([...(facets[facet] ?? []), id])].sort();
  }
  return { ...presence, facets };
}
