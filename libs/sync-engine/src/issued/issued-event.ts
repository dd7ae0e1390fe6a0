import type { NewEvent, NewEventOf, syncKeyIssued, syncPasswordIssued, syncSeedIssued } from '@wami/contracts';
import { withoutOwner } from '@wami/provider-port';
import { bindingStream } from '../bindings/binding';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import type { Verdict } from '../record/verdict';
import { ownerAt, ownerOfResource } from './owner';

/**
 * Whatever else comes of the pass, what was made is told with it: nobody can ask for its secret again. What a provider says of it may name its owner, who
 * may be forgotten while this is kept: the name is left out. Pure.
 */
export function issuing(provider: string, work: Work, { issued }: Outcome, verdict: Verdict): Verdict {
  if (ownerOfResource(work.resource) === undefined) return verdict;
  const events = verdict.events.map((event) => unnamed(event, ownerAt(work).owner));
  return { ...verdict, events: issued ? [issuedEvent(provider, work, issued), ...events] : events };
}

function issuedEvent(provider: string, { binding, resource: { version } }: Work, { id, sealed }: NonNullable<Outcome['issued']>): NewEventOf<typeof syncKeyIssued | typeof syncPasswordIssued | typeof syncSeedIssued> {
  const { resource, kind, account, tenant, subject } = binding;
  const envelope = { stream: bindingStream(provider, binding), key: resource, tenant, subject, data: { resource, kind, provider, account, version } };
  switch (kind) {
    case 'login-profile': return { ...envelope, type: 'wami.sync.password-issued.v1', personal: { profileCreatedAt: id, sealedPassword: sealed } };
    case 'mfa-device': return { ...envelope, type: 'wami.sync.seed-issued.v1', personal: { serialNumber: id, sealedSeed: sealed } };
    default: return { ...envelope, type: 'wami.sync.key-issued.v1', personal: { accessKeyId: id, sealedSecret: sealed } };
  }
}

function unnamed(event: NewEvent, owner: string | undefined): NewEvent {
  if (event.type !== 'wami.sync.failed.v1' || owner === undefined) return event;
  const { message } = event.personal as { readonly message: string };
  return { ...event, personal: { message: withoutOwner(message, owner) } };
}
