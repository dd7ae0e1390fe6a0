import 'reflect-metadata';
import { approvalItemSchema, approvalViewSchema, type ApprovalItem, type ApprovalView } from '@wami/contracts';
import { worldForEach } from '@wami/testing';
import { World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const LATER = '2999-01-01T00:00:00.000Z';

describe('the list of approvals', () => {
  let world: World;
  let running: Running;
  worldForEach(World.open, async (opened) => {
    world = opened;
    for (const tenant of ['acme', 'acme/core', 'other']) await world.tenant(tenant);
    running = await world.project();
  }, { beforeClose: () => running.close() });

  const at = (tenant: string, id: string): object => ({ stream: `aws/1/${id}`, key: id, tenant, subject: `arn:wami:iam:${tenant}:wami:local:approval/${id}`, personal: {} });
  const tripped = (tenant: string, id: string, part: number, resources: readonly string[], expiresAt = LATER) => world.append(world.aws, {
    ...at(tenant, id), type: 'wami.sync.guard-tripped.v1', data: {
      approval: id, provider: 'aws', account: '1', part, items: resources.map((resource) => ({ resource, kind: 'user', takes: ['thing'], more: 0 })), held: part * resources.length,
      budgets: [{ kind: 'user', allowed: 5, taken: 1, asked: 7 }], hash: `hash-${part}`, expiresAt,
    },
  } as never);
  const decided = (tenant: string, id: string, type: 'approved' | 'rejected') =>
    world.append(world.identity, { ...at(tenant, id), stream: id, type: `wami.approval.${type}.v1`, data: { provider: 'aws', account: '1', ...(type === 'approved' ? { hash: 'hash-1' } : {}) } } as never);
  const list = async (query = '', token?: string): Promise<ApprovalView[]> =>
    (await running.read<{ items: unknown[] }>(`/v1/approvals${query}`, token)).items.map((item) => approvalViewSchema.parse(item));
  const states = async (query = '', token?: string): Promise<Record<string, string>> => Object.fromEntries((await list(query, token)).map(({ id, state }) => [id, state]));

  it('tells what waits, its newest hash, and what was decided, to who may see it, page by page', async () => {
    await world.user('acme', 'usr_ANN', 'created');
    await tripped('acme', 'apr_1', 1, ['usr_ANN', 'usr_B']);
    await tripped('acme', 'apr_1', 2, ['usr_C', 'usr_D']);
    await tripped('acme/core', 'apr_2', 1, ['usr_E']);
    await tripped('acme', 'apr_3', 1, ['usr_F'], '2020-01-01T00:00:00.000Z');
    await decided('other', 'apr_4', 'rejected');
    await tripped('other', 'apr_4', 1, ['usr_G']);
    await decided('acme/core', 'apr_2', 'approved');
    expect(await states()).toEqual({ apr_1: 'open', apr_2: 'approved', apr_3: 'expired', apr_4: 'rejected' });
    expect(await states('?tenant=acme&state=open')).toEqual({ apr_1: 'open' });
    expect(await states('', 'tenant:acme/core')).toEqual({ apr_2: 'approved' });
    const [open] = await list('?state=open');
    expect(open).toMatchObject({ held: 4, hash: 'hash-2', tenant: 'acme', provider: 'aws', account: '1', budgets: [{ kind: 'user', allowed: 5, taken: 1, asked: 7 }] });
    const first = await running.read<{ items: ApprovalItem[]; nextCursor: string }>('/v1/approvals/apr_1/items?limit=3');
    const rest = await running.read<{ items: ApprovalItem[] }>(`/v1/approvals/apr_1/items?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map((item) => approvalItemSchema.parse(item).resource)).toEqual(['usr_ANN', 'usr_B', 'usr_C', 'usr_D']);
    expect(first.items[0]).toMatchObject({ kind: 'user', name: expect.any(String) as string, removes: ['thing'], more: 0 });
    for (const path of ['/v1/approvals/apr_1', '/v1/approvals/apr_1/items']) expect((await running.get(path, 'tenant:acme/core')).status).toBe(404);
    const page = await running.read<{ nextCursor: string }>('/v1/approvals?limit=1');
    expect(Object.keys(await states(`?limit=5&cursor=${page.nextCursor}`))).toHaveLength(3);
  });
});
