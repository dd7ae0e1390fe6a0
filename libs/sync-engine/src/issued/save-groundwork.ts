import type { Groundwork } from '@wami/provider-port';
import type { Binding } from '../bindings/binding';
import { whileOwned, type OwnedTarget } from '../targets/while-owned';

/** On disk before the attempt that it is about. @throws TargetLost */
export async function saveGroundwork(target: OwnedTarget, { account, resource }: Pick<Binding, 'account' | 'resource'>, groundwork: Groundwork): Promise<void> {
  await whileOwned(target, (client) =>
    client.query(`UPDATE ${target.db.bindings.name} SET groundwork = $3 WHERE account = $1 AND resource = $2`, [account, resource, JSON.stringify(groundwork)]));
}
