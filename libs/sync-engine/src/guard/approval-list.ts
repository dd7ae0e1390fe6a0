import { createHash } from 'node:crypto';
import { formatArn, idFrom, parseArn, type GuardBudget, type GuardRelease, type HeldRemoval, type NewEvent, type SyncApprovalEvent } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import type { Binding } from '../bindings/binding';
import { digest } from '../plans/fingerprint';
import type { ApprovalRow, Removal } from './guard-table';

/** So long a list may be approved, and so long what was approved may be carried out. */
const OPEN_MS = 7 * 24 * 60 * 60 * 1000;
export const APPROVED_MS = 24 * 60 * 60 * 1000;
/** How often it is looked at whether a list fits the budget by now. */
export const LOOK_EACH_MS = 60_000;
/** Of one part, so that its event stays small. */
const MOST = { items: 100, takes: 800, takesOfOne: 400 };

export function newApproval(unique: string, { account, tenant, subject, cause }: Binding, now: number): ApprovalRow {
  const id = idFrom('approval', now, createHash('sha256').update(unique).digest());
  const arn = formatArn({ tenant, instance: parseArn(subject)?.instance ?? '', type: 'approval', id });
  return { id, account, tenant, subject: arn, state: 'open', hashes: [], held: 0, events: 0, expiresAt: now + OPEN_MS, lookAt: now + LOOK_EACH_MS, cause };
}

export interface Added {
  readonly row: ApprovalRow;
  readonly append: Append;
  readonly rows: readonly (Removal & { readonly approval: string; readonly part: number })[];
}

/** Writes removals down in an approval's list, as parts of bounded size; the hash grows with each. Pure. */
export function addTo(provider: string, before: ApprovalRow, removals: readonly Removal[], budgets: readonly GuardBudget[]): Added {
  let row = before;
  const events: NewEvent[] = [];
  const rows: Added['rows'][number][] = [];
  for (const items of partsOf(removals)) {
    const part = row.hashes.length + 1;
    const hash = digest([row.hashes.at(-1) ?? row.id, items.map(({ resource, kind, takes }) => [resource, kind, takes])]);
    row = { ...row, hashes: [...row.hashes, hash], held: row.held + items.length, events: row.events + 1 };
    rows.push(...items.map((item) => ({ ...item, approval: row.id, part })));
    events.push(trippedEvent(provider, row, items, budgets));
  }
  return { row, rows, append: { ...streamOf(provider, before), events } };
}

export function released(provider: string, before: ApprovalRow, why: GuardRelease, approved: number): { row: ApprovalRow; append: Append } {
  const { id, account, tenant, subject } = before;
  const event: SyncApprovalEvent = {
    type: 'wami.sync.guard-released.v1', stream: streamOf(provider, before).stream, key: id, tenant, subject, data: { approval: id, provider, account, why, approved }, personal: {},
  };
  return { row: { ...before, state: 'releasing', events: before.events + 1 }, append: { ...streamOf(provider, before), events: [event] } };
}

function streamOf(provider: string, { id, account, tenant, events, cause }: ApprovalRow): Omit<Append, 'events'> {
  return { stream: `${provider}/${account}/${id}`, tenant, expectedVersion: events, meta: cause };
}

function trippedEvent(provider: string, row: ApprovalRow, items: readonly Removal[], budgets: readonly GuardBudget[]): SyncApprovalEvent {
  const { id, account, tenant, subject, hashes, held, expiresAt } = row;
  const told: HeldRemoval[] = items.map(({ resource, kind, takes }) => ({ resource, kind, takes: takes.slice(0, MOST.takesOfOne), more: Math.max(0, takes.length - MOST.takesOfOne) }));
  return {
    type: 'wami.sync.guard-tripped.v1', stream: streamOf(provider, row).stream, key: id, tenant, subject,
    data: { approval: id, provider, account, part: hashes.length, items: told, held, budgets: [...budgets], hash: hashes.at(-1) ?? '', expiresAt: new Date(expiresAt).toISOString() }, personal: {},
  };
}

function partsOf(removals: readonly Removal[]): Removal[][] {
  const parts: Removal[][] = [];
  let takes = Infinity;
  for (const removal of removals) {
    const more = Math.min(removal.takes.length, MOST.takesOfOne);
    if (takes + more > MOST.takes || (parts.at(-1)?.length ?? 0) >= MOST.items) {
      parts.push([]);
      takes = 0;
    }
    parts.at(-1)?.push(removal);
    takes += more;
  }
  return parts;
}
