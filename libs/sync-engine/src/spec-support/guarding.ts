import type { RecordedSyncApprovalEvent } from '@wami/contracts';
import { patiently as eventually } from '@wami/testing';
import type { EngineUnderTest } from './engine-under-test';
import type { ShiftedClock } from './shifted-clock';

type Tripped = Extract<RecordedSyncApprovalEvent, { type: 'wami.sync.guard-tripped.v1' }>;

/** What the guard said of a list: all its parts as one. */
export interface List {
  readonly id: string;
  readonly hash: string;
  readonly held: number;
  readonly resources: readonly string[];
  readonly takes: Readonly<Record<string, readonly string[]>>;
  readonly budgets: Tripped['data']['budgets'];
  readonly parts: readonly Tripped[];
}

/** The lists that were made so far, oldest first. */
export async function listsOf(test: EngineUnderTest): Promise<List[]> {
  const tripped = (await test.outcomes()).filter(({ type }) => type === 'wami.sync.guard-tripped.v1') as unknown as Tripped[];
  return [...new Set(tripped.map(({ key }) => key))].map((id) => {
    const parts = tripped.filter(({ key }) => key === id);
    const items = parts.flatMap(({ data }) => data.items);
    const last = parts.at(-1)?.data;
    return {
      id, parts, hash: last?.hash ?? '', held: last?.held ?? 0, budgets: last?.budgets ?? [], resources: items.map(({ resource }) => resource).sort(),
      takes: Object.fromEntries(items.map(({ resource, takes }) => [resource, takes])),
    };
  });
}

export async function listOf(test: EngineUnderTest, held: number, at = -1): Promise<List> {
  return eventually(async () => {
    const list = (await listsOf(test)).at(at);
    if (list?.held !== held) throw new Error(`the list holds ${list?.held ?? 'nothing'}`);
    return list;
  });
}

export async function quiet(test: EngineUnderTest): Promise<void> {
  await eventually(async () => expect(await test.isQuiet()).toBe(true), { timeoutMs: 60_000 });
}

/** Does `work` while no engine runs, so that all of it is there when one looks; resolves when that one is at rest. */
export async function meanwhile(test: EngineUnderTest, clock: ShiftedClock, work: () => Promise<unknown>): Promise<void> {
  await test.stop();
  await work();
  await test.start(clock.parts());
  await quiet(test);
}

export const deleteUsers = (test: EngineUnderTest, ids: readonly string[]): Promise<unknown> => Promise.all(ids.map((id) => test.identity.deleteUser(id)));

/** Names in the order in which they were deleted, or tried to be. */
export const deletesOf = (test: EngineUnderTest): string[] => test.cloud.calls.filter(({ api }) => api === 'delete').map(({ name }) => name);
