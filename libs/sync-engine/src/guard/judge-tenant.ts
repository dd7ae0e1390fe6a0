import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import type { Work } from '../reconcile/work';
import { addTo, newApproval, type Added } from './approval-list';
import { budgetsOf, inWords, isOver } from './budgets';
import { lockApprovals, type ApprovalRow, type HeldRow, type Removal } from './guard-table';
import { guardReason, type Withheld } from './withheld';

/** A pass that would take away what nobody permitted. */
export interface Asking {
  readonly work: Work;
  /** What it would take away and is not counted yet. */
  readonly uncounted: readonly string[];
  /** What of that nobody permitted. */
  readonly missing: readonly string[];
  /** What it waited for before. */
  readonly held: HeldRow | undefined;
}

export interface TenantJudged {
  readonly withheld: ReadonlyMap<string, Withheld>;
  /** What came to a list, new or open already. */
  readonly added?: Added;
}

/**
 * What of a tenant's removals at one target may go. While a list of it is open everything joins that; else all of them go where each kind is
 * within its budget together with what is held anywhere, or none does. What was rejected stays held.
 */
export async function judgeTenant(
  client: PoolClient, db: EngineDatabase, asks: readonly Asking[], { account, now, unique }: { readonly account: string; readonly now: number; readonly unique: () => string },
): Promise<TenantJudged> {
  const [first] = asks;
  if (!first) return { withheld: new Map() };
  const { binding, config: { guard } } = first.work;
  const { tenant } = binding;
  const approvals = await lockApprovals(client, db, "account = $1 AND tenant = $2 AND state IN ('open', 'rejected')", [account, tenant]);
  const rejected = new Map(approvals.filter(({ state }) => state === 'rejected').map((row) => [row.id, row]));
  const withheld = new Map<string, Withheld>();
  const left = asks.filter(({ work, missing, held }) => {
    const by = held && rejected.get(held.approval);
    if (!by || !isWithin(missing, held)) return true;
    withheld.set(work.resource.id, { approval: by.id, takes: missing, reason: guardReason(by.id, 'rejected', by.held, undefined) });
    return false;
  });
  if (left.length === 0) return { withheld };
  const budgets = await budgetsOf(client, db, { account, tenant, guard, now, asking: new Map(left.map(({ work }) => [work.resource.id, work.binding.kind])) });
  const open = approvals.find(({ state }) => state === 'open');
  if (!open && !budgets.some(isOver)) return { withheld };
  const joining = left.filter(({ held, missing }) => held?.approval !== open?.id || held === undefined || !isWithin(missing, held));
  const added = joining.length === 0 ? undefined : addTo(db.provider, open ?? newApproval(unique(), binding, now), joining.map(removalOf), budgets);
  const row = (added?.row ?? open) as ApprovalRow;
  for (const { work, missing } of left) withheld.set(work.resource.id, { approval: row.id, takes: missing, reason: guardReason(row.id, 'open', row.held, inWords(budgets)) });
  return { withheld, ...(added ? { added } : {}) };
}

function isWithin(missing: readonly string[], { takes }: HeldRow): boolean {
  return missing.every((take) => takes.includes(take));
}

function removalOf({ work: { binding: { tenant, kind, resource } }, missing }: Asking): Removal {
  return { tenant, kind, resource, takes: missing };
}
