import type { Effect } from '../model';
import { reachOf, type Reach } from './principal-match';
import type { NamedPolicy, PolicyLayer, RequestPrincipal, StatementRef } from './request';
import { statementApplies, type Asked } from './statement';

export interface Hit {
  readonly ref: StatementRef;
  /** How a policy on the resource reaches who asks; `direct` in the other layers. */
  readonly reach: Reach;
}

/** Every statement of a layer's policies that applies. In the resource layer a statement without principals reaches nobody. */
export function hitsOf(
  layer: PolicyLayer, policies: readonly NamedPolicy[], asked: Asked, asking: RequestPrincipal, account: string | undefined,
): Hit[] {
  return policies.flatMap(({ name, policy }) => policy.statements.flatMap((statement, index): Hit[] => {
    const { principals, effect, sid, pointer } = statement;
    const reach = layer === 'resource' ? principals && reachOf(principals, effect, asking, account) : 'direct';
    if (!reach || !statementApplies(statement, policy.version, asked)) return [];
    const ref: StatementRef = { layer, policy: name, statement: index, ...(sid !== undefined && { sid }), pointer, effect };
    return [{ ref, reach }];
  }));
}

export function firstHit(hits: readonly Hit[], effect: Effect, reach?: Reach): StatementRef | undefined {
  return hits.find((hit) => hit.ref.effect === effect && (reach === undefined || hit.reach === reach))?.ref;
}
