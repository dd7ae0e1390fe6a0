import 'reflect-metadata';
import type { RecordedEvent } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import type { ResourceItem } from './resources/resources.query';
import { AWS, World, type Running } from './testing/world';

jest.setTimeout(60_000);

interface List { readonly items: { readonly id: string; readonly tenant: string }[]; readonly nextCursor?: string }

describe('a caller of one tenant', () => {
  let world: World;
  let running: Running;
  let foreign: RecordedEvent;
  worldForAll(World.open, async (opened) => {
    world = opened;
    for (const tenant of ['acme', 'acme/core', 'acme-canary', 'canary']) await world.tenant(tenant);
    for (const tenant of ['acme', 'canary', 'acme-canary']) await world.configure(tenant, { providers: [AWS] });
    foreign = await world.user('canary', 'usr_CANARY', 'created', { personal: { userName: 'canary' }, data: { tags: { canary: 'yes' } } });
    await world.synced({ tenant: 'canary', resource: 'usr_CANARY' }, foreign.position);
    await world.user('acme-canary', 'usr_CANARY2', 'created');
    for (let i = 0; i < 7; i++) await world.user(i % 2 === 0 ? 'acme' : 'acme/core', `usr_OWN${i}`, 'created');
    await world.append(world.identity, { type: 'wami.sync-job.requested.v1', stream: 'job_CANARY', key: 'job_CANARY', tenant: 'canary', subject: 'arn:x', personal: {}, data: { verb: 'sync', scope: 'canary', targets: [] } });
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  it.each([
    '/v1/resources', '/v1/resources?q=canary', '/v1/resources?tag=canary', '/v1/resources?q=usr_CANARY', '/v1/resources?state=Pending&include=states', '/v1/sync-states', '/v1/sync-states?include=name', '/v1/sync-states?q=canary', '/v1/sync-summary',
    '/v1/events?limit=1000',
  ])('sees nothing of others at %s', async (path) => {
    const text = JSON.stringify(await running.read(path, 'tenant:acme'));
    expect(text.toLowerCase()).not.toContain('canary');
    expect(JSON.stringify(await running.read(path)).toLowerCase()).toContain(path === '/v1/sync-summary' ? 'counts' : 'canary');
  });

  it.each([
    '/v1/resources/usr_CANARY', '/v1/resources/usr_CANARY/sync', '/v1/resources/usr_CANARY/history', '/v1/resources?tenant=canary', '/v1/resources?tenant=acme-canary',
    '/v1/sync-states?tenant=canary', '/v1/sync-summary?tenant=canary', '/v1/events?tenant=canary', '/v1/jobs/job_CANARY', '/v1/projection',
  ])('is told that %s does not exist', async (path) => {
    const response = await running.get(path, 'tenant:acme');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NotFound' });
  });

  it('counts only its own', async () => {
    const { counts } = await running.read<{ counts: { count: number }[] }>('/v1/sync-summary', 'tenant:acme');
    expect(counts).toEqual([expect.objectContaining({ count: 7 })]);
    const below = await running.read<{ counts: { count: number }[] }>('/v1/sync-summary', 'tenant:acme/core');
    expect(below.counts).toEqual([expect.objectContaining({ count: 3 })]);
  });

  it('gets no foreign event on a stream, and cannot rebuild', async () => {
    const abort = new AbortController();
    const response = await running.get('/v1/events', 'tenant:acme', { accept: 'text/event-stream' }, { signal: abort.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    await world.user('canary', 'usr_CANARY3', 'created');
    await world.user('acme', 'usr_LAST', 'created');
    while (!text.includes('usr_LAST')) text += Buffer.from((await reader.read()).value ?? []).toString();
    abort.abort();
    expect(text.toLowerCase()).not.toContain('canary');
    expect((await running.get('/v1/projection/rebuild', 'tenant:acme', {}, { method: 'POST' })).status).toBe(404);
  });

  it('cannot use a cursor that belongs to another scope or filter', async () => {
    const { nextCursor } = await running.read<List>('/v1/resources?limit=1');
    expect((await running.get(`/v1/resources?limit=1&cursor=${nextCursor}`)).status).toBe(200);
    expect((await running.get(`/v1/resources?limit=1&cursor=${nextCursor}`, 'tenant:acme')).status).toBe(422);
    expect((await running.get(`/v1/resources?limit=1&kind=user&cursor=${nextCursor}`)).status).toBe(422);
    expect((await running.get(`/v1/sync-states?limit=1&cursor=${nextCursor}`)).status).toBe(422);
  });

  it('gets every row once over all pages, whatever is inserted meanwhile', async () => {
    const before = (await running.read<List>('/v1/resources?tenant=acme&limit=1000')).items.map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: string | undefined = '', page = 0; cursor !== undefined; page++) {
      const list: List = await running.read<List>(`/v1/resources?tenant=acme&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(list.items.length).toBeLessThanOrEqual(2);
      seen.push(...list.items.map(({ id }) => id));
      cursor = list.nextCursor;
      await world.user('acme', `usr_${page % 2 === 0 ? '0' : 'Z'}${page}`, 'created');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before));
    const states: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const list: { items: { resource: string }[]; nextCursor?: string } = await running.read(`/v1/sync-states?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      states.push(...list.items.map(({ resource }) => resource));
      cursor = list.nextCursor;
    }
    const { items } = await running.read<{ items: ResourceItem[] }>('/v1/resources?limit=1000');
    expect(states.sort()).toEqual(items.filter(({ worstState }) => worstState !== undefined).map(({ id }) => id).sort());
  });

  it('gets each resource once that is in a state, at however many targets, page by page', async () => {
    await world.configure('acme', { providers: [AWS, { provider: 'aws', account: '2' }] });
    const all = (await running.read<{ items: ResourceItem[] }>('/v1/resources?tenant=acme&limit=1000&include=states')).items;
    expect(all.length).toBeGreaterThan(7);
    expect(new Set(all.map(({ states }) => states?.map(({ state }) => state).join()))).toEqual(new Set(['Pending,Pending']));
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const list: List = await running.read<List>(`/v1/resources?tenant=acme&state=Pending&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...list.items.map(({ id }) => id));
      cursor = list.nextCursor;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });
});
