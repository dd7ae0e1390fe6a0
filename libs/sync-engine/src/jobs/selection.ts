import { parseArn, type SyncFilter, type SyncStateName } from '@wami/contracts';

export interface Asked {
  /** Tenant that the asker may touch, with its children; '' is every tenant. */
  readonly scope: string;
  readonly filter?: SyncFilter | undefined;
  /** Ids or ARNs. */
  readonly resources?: readonly string[] | undefined;
}

/** Whether a binding (`b`) is in a tenant or below it; `at` is the parameter that holds the tenant's path. */
export const isWithin = (at: string): string => `(b.tenant = ${at} OR starts_with(b.tenant, ${at} || '/'))`;

/** Which bindings (`b`) of these accounts are asked for, never beyond the scope: conditions, and the values of their parameters. */
export function selection({ scope, filter = {}, resources }: Asked, accounts: readonly string[], only?: readonly SyncStateName[]): { where: string; values: unknown[] } {
  const values: unknown[] = [accounts];
  const param = (value: unknown): string => `$${values.push(value)}`;
  const below = (path: string): string => isWithin(param(path));
  const state = only ?? (filter.state === 'Pending' ? ['Pending', 'None'] : filter.state ? [filter.state] : undefined);
  const where = [
    'b.account = ANY($1)', "(b.wanted OR (b.deleted AND b.presence IS NOT NULL)) AND b.state <> 'Gone'",
    ...(scope === '' ? [] : [below(scope)]),
    ...(filter.tenant === undefined ? [] : [below(filter.tenant)]),
    ...(filter.kind === undefined ? [] : [`b.kind = ${param(filter.kind)}`]),
    ...(filter.code === undefined ? [] : [`b.error_code = ${param(filter.code)}`]),
    ...(state === undefined ? [] : [`b.state = ANY(${param(state)})`]),
    ...(resources === undefined ? [] : [`b.resource = ANY(${param(resources.map((resource) => parseArn(resource)?.id ?? resource))})`]),
  ];
  return { where: where.join(' AND '), values };
}
