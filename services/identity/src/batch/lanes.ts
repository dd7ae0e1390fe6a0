import type { Batch } from '@wami/contracts';

type Operation = Batch['operations'][number];

/** Operations (by their index) that keep their order. */
export type Lane = readonly number[];
/** Lanes that may run side by side. */
export type Run = readonly Lane[];

interface Open {
  readonly sort: string;
  readonly lanes: Map<string, number[]>;
  readonly keys: Set<string>;
}

/**
 * Runs are done one after the other. Consecutive creates in one collection, and consecutive additions of members or attachments of policies, are one run, in which
 * operations of the same name keep their order; anything else is a run of its own.
 */
export function runsOf(operations: readonly Operation[]): Run[] {
  const runs: Open[] = [];
  operations.forEach((operation, index) => {
    const { sort, name } = classify(operation, index);
    const current = runs.at(-1);
    const repeatedKey = operation.idempotencyKey !== undefined && current?.keys.has(operation.idempotencyKey);
    const run = current?.sort === sort && !repeatedKey ? current : { sort, lanes: new Map<string, number[]>(), keys: new Set<string>() };
    if (run !== current) runs.push(run);
    run.lanes.set(name, [...(run.lanes.get(name) ?? []), index]);
    if (operation.idempotencyKey !== undefined) run.keys.add(operation.idempotencyKey);
  });
  return runs.map(({ lanes }) => [...lanes.values()]);
}

const NAMES = ['userName', 'groupName', 'roleName', 'policyName', 'accountName', 'providerName'];
const ATTACHMENT = /^\/v1\/(users|groups|roles|service-accounts)\/[A-Za-z0-9_]+\/policies\/[A-Za-z0-9_]+$/;

function classify({ method, path, body }: Operation, index: number): { readonly sort: string; readonly name: string } {
  const collection = /^\/v1\/(users|groups|roles|policies|service-accounts|identity-providers)$/.exec(path)?.[1];
  if (method === 'POST' && collection !== undefined) return { sort: collection, name: nameOf(body) };
  if (method === 'PUT' && /^\/v1\/groups\/[A-Za-z0-9_]+\/members\/[A-Za-z0-9_]+$/.test(path)) return { sort: 'members', name: path };
  if (method === 'PUT' && ATTACHMENT.test(path)) return { sort: 'attachments', name: path };
  return { sort: `alone ${index}`, name: '' };
}

function nameOf(body: Operation['body']): string {
  const name = NAMES.map((field) => body?.[field]).find((value) => value !== undefined);
  const text = typeof name === 'string' ? name.normalize('NFKC').toLowerCase() : '';
  return `${String(body?.['tenant'])} ${text}`;
}
