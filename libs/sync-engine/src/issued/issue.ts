import { ProviderError, type Applied, type CallContext, type Desired, type Groundwork } from '@wami/provider-port';
import type { Outcome } from '../reconcile/outcome';
import type { Pass } from '../reconcile/pass';
import type { Stage } from '../reconcile/stage';
import { sealerFor } from './seal';

/**
 * Before something is made whose secret is told once: the seal is proved to work, and what the handler notes is on disk. Resolves with how to say what
 * was made. The secret leaves this function sealed. @throws ProviderError, TargetLost
 */
export async function issue(
  { work, wanted: { desired } }: Pass, prepare: (desired: Desired, context: CallContext) => Promise<Groundwork>, { caller, note }: Stage,
): Promise<(applied: Applied) => Pick<Outcome, 'issued'>> {
  const seal = sealerFor(desired.document['sealTo']);
  if (seal === undefined) throw new ProviderError('InvalidRequest', 'sealTo is no X25519 public key that a secret can be sealed to');
  await note(work, await caller.call('observe', 1, (context) => prepare(desired, context)));
  return ({ secret, observed: { providerResourceId } }) => (secret === undefined ? {} : { issued: { id: providerResourceId, sealed: seal(secret, `${work.binding.resource} ${providerResourceId}`) } });
}
