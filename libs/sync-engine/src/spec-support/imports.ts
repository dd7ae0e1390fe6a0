import { createHash } from 'node:crypto';
import { idFrom, type Adoption, type FoundThing, type ImportableKind, type NewEvent, type RecordedEvent, type RecordedSyncImportEvent } from '@wami/contracts';
import type { EngineUnderTest } from './engine-under-test';
import { ACCOUNT, INSTANCE } from './identity';

export type Found = Extract<RecordedSyncImportEvent, { type: 'wami.sync.import-found.v1' }>;
export type Listed = Extract<RecordedSyncImportEvent, { type: 'wami.sync.import-listed.v1' }>;

const META = { actor: 'admin', correlationId: 'req_1' };

async function append(test: EngineUnderTest, stream: string, key: string, tenant: string, kind: string, event: Pick<NewEvent, 'type' | 'data' | 'personal'>): Promise<void> {
  const subject = `arn:wami:iam:${tenant}:wami:${INSTANCE}:${kind}/${stream}`;
  await test.identity.store.append({ stream, tenant, expectedVersion: 0, events: [{ ...event, stream, key, tenant, subject }], meta: META });
}

/** What identity appends when somebody asks for an import; resolves with the job. */
export function askImport({ identity }: EngineUnderTest, more: Parameters<EngineUnderTest['identity']['import']>[0] = {}): Promise<string> {
  return identity.import(more);
}

/** What was told of an import so far. */
export async function toldOf(test: EngineUnderTest, job: string): Promise<{ found: Found[]; listed: Listed | undefined; items: { item: string; kind: string; obstacle?: string; thing: FoundThing }[] }> {
  const events = (await test.outcomes(job)) as RecordedEvent[];
  const found = events.filter(({ type }) => type === 'wami.sync.import-found.v1') as Found[];
  const listed = events.filter(({ type }) => type === 'wami.sync.import-listed.v1') as Listed[];
  if (listed.length > 1) throw new Error('the end of an import was told twice');
  const items = found.flatMap(({ data, personal }) => data.items.map(({ item, obstacle }) => ({
    item, kind: data.kind, ...(obstacle === undefined ? {} : { obstacle }), thing: personal.things[item] as FoundThing,
  })));
  return { found, listed: listed[0], items };
}

const idOf = (kind: ImportableKind, item: string): string => idFrom(kind, 1_700_000_000_000, createHash('sha256').update(item).digest());

/** What identity makes of a found thing, as far as an engine sees it; resolves with the resource. */
export async function importThing(test: EngineUnderTest, job: string, { item, kind, thing }: { readonly item: string; readonly kind: string; readonly thing: FoundThing }): Promise<string> {
  const id = idOf(kind as ImportableKind, item);
  const adopts: Adoption = { provider: 'aws', account: ACCOUNT, providerResourceId: thing.providerResourceId, name: thing.nativeName, job, item };
  const common = { tags: thing.tags, syncToProviders: [`aws/${ACCOUNT}`] };
  if (kind === 'group') await append(test, id, id, 'acme', 'group', { type: 'wami.group.created.v1', data: common, personal: { groupName: thing.name, adopts } });
  else await append(test, id, id, 'acme', 'user', { type: 'wami.user.created.v1', data: { path: thing.path ?? '/', ...common }, personal: { userName: thing.name, adopts } });
  for (const { resource, item: other } of thing.related) await test.identity.member('add', resource ?? idOf('group', other ?? ''), id);
  return id;
}
