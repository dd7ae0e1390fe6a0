import { DEFAULT_AUDIENCE, MAX_FEDERATED, type FederatedCredential } from '@wami/contracts';
import { DomainError } from '../domain-error';
import { askedOf, changesIn, partsAfter, sameButForCase, type PartChanges, type Parts } from '../named-parts';

/** Who may sign in as it without a secret, by names. */
export type Federation = Parts<FederatedCredential>;

const POINTER = '/federation';

/**
 * What a patch makes of it; null for the whole takes all away. Undefined where all stays as it is: an audience that is left out and the one that it stands for are the same.
 * @throws DomainError ValidationFailed
 */
export function changedFederation(patch: PartChanges<FederatedCredential> | null | undefined, current: Federation = {}): Record<string, FederatedCredential | null> | undefined {
  if (patch === undefined) return undefined;
  const changes = changesIn(askedOf(patch, current), current, sameFederated);
  if (changes) checkTogether(partsAfter(current, changes) ?? {});
  return changes;
}

function checkTogether(federation: Federation): void {
  const count = Object.keys(federation).length;
  if (count > MAX_FEDERATED) throw new DomainError('ValidationFailed', `federation: ${count} federated credentials; at most ${MAX_FEDERATED} are allowed`, POINTER);
  const twice = sameButForCase(federation);
  if (twice !== undefined) throw new DomainError('ValidationFailed', `federation: two names differ only in case: ${twice}`, POINTER);
  const seen = new Map<string, string>();
  for (const [name, { issuer, subject }] of Object.entries(federation)) {
    const key = JSON.stringify([issuer, subject]);
    const other = seen.get(key);
    if (other !== undefined) throw new DomainError('ValidationFailed', `federation: ${other} and ${name} trust the same issuer and subject`, `${POINTER}/${name}`);
    seen.set(key, name);
  }
}

/** Whether both trust the same. */
export const sameFederated = (left: FederatedCredential, right: FederatedCredential): boolean => saying(left) === saying(right);

const saying = ({ issuer, subject, audiences = [DEFAULT_AUDIENCE] }: FederatedCredential): string => JSON.stringify([issuer, subject, audiences]);
