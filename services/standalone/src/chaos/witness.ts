import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandboxAws, type AwsSnapshot, type FaultPlan, type SandboxAws } from '@wami/sandbox';

/** A user as the cloud holds it, told by the id in its mark; tags without the marks. */
export interface CloudUser {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
}
export interface CloudGroup {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
}
export interface Cloud {
  readonly users: readonly CloudUser[];
  readonly groups: readonly CloudGroup[];
  /** How often something with this mark was made, since the beginning. */
  readonly births: ReadonlyMap<string, number>;
}

/** A sandbox account that stays when WAMI is killed: what it holds and has ever held is not WAMI's own word. */
export interface Witness {
  readonly sandbox: SandboxAws;
  look(): Cloud;
  /** Every change that names the resource by its mark, or the thing that ever bore it by its id, in order. */
  changesOf(mark: string): readonly string[];
  close(): Promise<void>;
}

/** `folder` keeps its journal. */
export async function startWitness(folder: string, account: string, faults: FaultPlan = {}, seed?: number): Promise<Witness> {
  const stateFile = join(folder, `aws-${account}.jsonl`);
  const sandbox = await startSandboxAws({ account, stateFile, faults, ...(seed === undefined ? {} : { seed }) });
  return { sandbox, look: () => ({ ...heldIn(sandbox.snapshot()), births: birthsIn(stateFile) }), changesOf: (mark) => changesOf(stateFile, mark), close: () => sandbox.close() };
}

/** How a connections file names it. JSON is YAML. */
export function connectionTo({ sandbox }: Witness, tenant: string): object {
  return {
    provider: 'aws', account: sandbox.account, endpoint: sandbox.url, tenants: [tenant],
    credentials: { type: 'static', accessKeyId: 'env:CHAOS_ACCESS_KEY_ID', secretAccessKey: 'env:CHAOS_SECRET_ACCESS_KEY' },
  };
}
export const WITNESS_KEYS = { CHAOS_ACCESS_KEY_ID: 'AKIASANDBOX000000000', CHAOS_SECRET_ACCESS_KEY: 'sandbox' };

const MARKS = /^(managed-by|wami-(instance|tenant|id|kind))$/;
const groupIdIn = (path: string): string => /^\/wami\/.+\/([^/]+)\/$/.exec(path)?.[1] ?? `unmarked ${path}`;
const userIdIn = (tags: Readonly<Record<string, string>>, name: string): string => tags['wami-id'] ?? `unmarked ${name}`;

function heldIn({ users, groups }: AwsSnapshot): Omit<Cloud, 'births'> {
  const idOf = new Map(users.map(({ userName, tags }) => [userName, userIdIn(tags, userName)]));
  const groupIds = new Map(groups.map(({ groupName, path }) => [groupName, groupIdIn(path)]));
  return {
    users: users.map(({ userName, path, tags, groups: of }) => ({
      id: userIdIn(tags, userName), name: userName, path, groups: of.map((name) => groupIds.get(name) ?? name).sort(),
      tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !MARKS.test(key))),
    })),
    groups: groups.map(({ groupName, path, members }) => ({ id: groupIdIn(path), name: groupName, members: members.map((name) => idOf.get(name) ?? name).sort() })),
  };
}

interface Line {
  readonly type: string;
  readonly user?: { readonly id: string; readonly name: string; readonly tags: readonly { readonly key: string; readonly value: string }[] };
  readonly group?: { readonly id: string; readonly path: string };
}

/** By the mark, how many different things the cloud ever gave an id of its own. */
function birthsIn(file: string): Map<string, number> {
  const made = new Map<string, Set<string>>();
  const note = (mark: string, cloudId: string): void => void made.set(mark, (made.get(mark) ?? new Set()).add(cloudId));
  for (const { user, group } of changesIn(file)) {
    if (user) note(userIdIn(Object.fromEntries(user.tags.map(({ key, value }) => [key, value])), user.name), user.id);
    if (group) note(groupIdIn(group.path), group.id);
  }
  return new Map([...made].map(([mark, ids]) => [mark, ids.size]));
}

function changesOf(file: string, mark: string): string[] {
  const lines = changesIn(file).map((line) => JSON.stringify(line));
  const ids = new Set(lines.filter((line) => line.includes(mark)).flatMap((line) => /"id":"(\w+)"/.exec(line)?.[1] ?? []));
  return lines.filter((line) => [...ids].some((id) => line.includes(id)));
}

function changesIn(file: string): Line[] {
  return readFileSync(file, 'utf8').split('\n').slice(1, -1).flatMap((line) => JSON.parse(line) as Line[]);
}
