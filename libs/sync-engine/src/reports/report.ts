import { formatArn, type NewEventOf, type TargetHealth, type targetReported } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import type { Connection, KindCapability } from '@wami/provider-port';
import type { PaceFigures } from '../targets/pacer';

export type TargetReport = NewEventOf<typeof targetReported>['data'];

/** How one target is, as whoever owns it knows it. */
export interface Standing {
  readonly health: TargetHealth;
  readonly reason?: string;
  readonly principal?: string;
  readonly expiresAt?: string;
  readonly rates: readonly Pick<PaceFigures, 'access' | 'perSecond'>[];
}

/** What is told of a target; secrets and endpoints of the connection are no part of it. Pure. */
export function reportOf(target: { readonly provider: string; readonly account: string }, standing: Standing, connection: Connection | undefined, capabilities: readonly KindCapability[], concurrency: number): TargetReport {
  const { health, reason, principal, expiresAt, rates } = standing;
  return {
    ...target, health, ...(reason === undefined ? {} : { reason }),
    ...(connection ? ofConnection(connection, concurrency, { ...(principal === undefined ? {} : { principal }), ...(expiresAt === undefined ? {} : { expiresAt }) }) : {}),
    rates: rates.filter(({ perSecond }) => Number.isFinite(perSecond)).map(({ access, perSecond }) => ({ access, perSecond: Number(perSecond.toPrecision(2)) })),
    capabilities: capabilities.map(({ kind, supported, reason: why, rename, tags, facets, bounded = false }) => ({ kind, supported, ...(why === undefined ? {} : { reason: why }), rename, tags, facets: [...facets], bounded })),
  };
}

function ofConnection({ tenants, mode = 'write', limits, credentials: { type } }: Connection, concurrency: number, who: { readonly principal?: string; readonly expiresAt?: string }): Partial<TargetReport> {
  const { requestsPerSecond } = limits ?? {};
  return {
    ...(tenants ? { tenants: [...tenants] } : {}), mode, credentials: { type, ...who },
    limits: { concurrency: limits?.concurrency ?? concurrency, ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }) },
  };
}

/** The pace learns all the time: only what became twice or half as fast is worth telling by itself. Pure. */
export function ratesMoved(told: TargetReport['rates'], now: TargetReport['rates']): boolean {
  return now.some(({ access, perSecond }) => {
    const before = told.find((one) => one.access === access)?.perSecond;
    return before === undefined || perSecond >= 2 * before || perSecond <= before / 2;
  });
}

export function reportAppend(report: TargetReport, events: number, instance: string, correlationId: string): Append {
  const { provider, account } = report;
  const stream = `${provider}/${account}`;
  const subject = formatArn({ tenant: '', instance, type: 'target', id: stream.replace(/[^A-Za-z0-9]/g, '_') });
  return {
    stream, tenant: '', expectedVersion: events, events: [{ type: 'wami.target.reported.v1', stream, key: stream, tenant: '', subject, data: report, personal: {} }],
    meta: { actor: `sync-${provider}`, correlationId },
  };
}
