import type { Pass } from '../reconcile/pass';
import type { Side } from './parts';
import { differenceOf, isTold, pulledOf, type Pulled } from './pulled';

/** What is to be told of these sides. What was told before is told again only where somebody asks. Pure. */
export function taken({ work: { binding, resource }, nameHere }: Pass, sides: readonly Side[]): Pulled | undefined {
  const differences = sides.map((side) => differenceOf(side, { kind: resource.kind, document: resource.document ?? {} }, nameHere));
  return pulledOf(differences, binding.jobs.length === 0 && differences.every((one) => isTold(one, binding.presence)));
}
