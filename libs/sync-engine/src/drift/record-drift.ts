import type { NewEventOf, syncDrifted } from '@wami/contracts';
import { bindingStream, operationOf, type Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import { digest } from '../plans/fingerprint';
import { placeInTheOpen } from '../reconcile/part-names';
import type { Work } from '../reconcile/work';
import type { Lease } from '../targets/lease';
import { whileOwned } from '../targets/while-owned';
import type { Drift } from './difference';

/**
 * Says that a target drifted, before anything is put right; once, however often the same is found. Of somebody who is being erased nothing is said.
 * @throws TargetLost
 */
export async function recordDrift(db: EngineDatabase, owner: string, lease: Lease, { binding, resource }: Work, drift: Drift): Promise<void> {
  const told = digest(drift);
  if (binding.drift === told || binding.erased) return;
  await db.store.holdKeys([binding.resource]);
  await whileOwned({ db, owner, lease }, async (client) => {
    const [current] = await db.bindings.lockKeys(client, [binding]);
    if (!current?.claimed || current.erased || current.drift === told) return;
    await db.write(client, [{ binding: { ...current, drift: told }, events: [driftedEvent(db.provider, binding, resource.version, drift)], meta: current.cause }]);
  });
}

function driftedEvent(provider: string, binding: Binding, version: number, { is, differences }: Drift): NewEventOf<typeof syncDrifted> {
  const { resource, kind, account, intent, tenant, subject } = binding;
  return {
    type: 'wami.sync.drifted.v1', stream: bindingStream(provider, binding), key: resource, tenant, subject, personal: { differences: [...differences] },
    data: { resource, kind, provider, account, intent, version, operation: operationOf(binding), drift: is, differs: differences.map(({ at }) => placeInTheOpen(at)) },
  };
}
